/** What the documents point at is there: files, headings, scripts. */
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'
import type { Tree } from './tree.ts'

const documents = (tree: Tree) => tree.files.filter(file => file.endsWith('.md'))

/** Links within the repository that lead nowhere. */
function deadLinks(tree: Tree): string[] {
  return documents(tree).flatMap(file =>
    [...tree.text(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return []
      const [path = '', heading] = link.split('#')
      const target = path === '' ? file : posix.join(posix.dirname(file), path)
      if (target.endsWith('/')) return tree.files.some(each => each.startsWith(target)) ? [] : [`${file}: ${link}`]
      if (!tree.has(target)) return [`${file}: ${link}`]
      return heading === undefined || headingsOf(tree.text(target)).includes(heading) ? [] : [`${file}: ${link}`]
    }),
  )
}

/** Anchors as GitHub makes them. */
function headingsOf(markdown: string): string[] {
  const titles = [...markdown.matchAll(/^#+ (.+)$/gm)].map(match => match[1] ?? '')
  return titles.map(title =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** Scripts of the root that a document names and package.json does not. */
function missingScripts(tree: Tree): string[] {
  const scripts = tree.manifest('').scripts ?? {}
  return documents(tree).flatMap(file =>
    [...tree.text(file).matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].flatMap(([, named, short]) => {
      const script = named ?? short ?? ''
      return script in scripts ? [] : [`${file}: npm run ${script}`]
    }),
  )
}

describe('documents', () => {
  it('link to what is there', () => {
    expect(deadLinks(repository)).toEqual([])
  })

  it('name scripts that are there', () => {
    expect(missingScripts(repository)).toEqual([])
  })

  it('name files that are there, where they say what covers what', () => {
    const paths = [...repository.text('docs/coverage.md').matchAll(/`([\w./-]+\.(?:ts|md|yml))`/g)].map(
      match => match[1] ?? '',
    )
    expect(paths.length).toBeGreaterThan(0)
    expect(paths.filter(path => !repository.has(path))).toEqual([])
  })

  it('count decisions without a number twice, and each begins with its own', () => {
    const decisions = repository.files.filter(file => /^docs\/decisions\/.+\.md$/.test(file))
    const numbers = decisions.map(file => Number(/(\d{4})-/.exec(file)?.[1]))
    expect(new Set(numbers).size).toBe(decisions.length)
    for (const [index, file] of decisions.entries())
      expect(repository.text(file).startsWith(`# ${numbers[index]}. `), file).toBe(true)
  })

  it('are refused where a link, a heading or a script is missing', () => {
    const tree = treeOf({
      'package.json': JSON.stringify({ workspaces: [], scripts: { check: 'x' } }),
      'docs/a.md': '# One thing, said\n[b](b.md) [c](c.md#no) [self](#one-thing-said) [web](https://example.com/x)\n',
      'docs/c.md': '# Yes\nnpm run check; npm run chekc; npm start',
    })
    expect(deadLinks(tree)).toEqual(['docs/a.md: b.md', 'docs/a.md: c.md#no'])
    expect(missingScripts(tree)).toEqual(['docs/c.md: npm run chekc', 'docs/c.md: npm run start'])
  })
})
