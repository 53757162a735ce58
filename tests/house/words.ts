/** Whether the documents and the code say the same.
 *
 *  V1  Every topic has a schema and a line in the glossary, every event of a schema too. The dead-letter topics share
 *      one line, `dlq.<topic>`.
 *  V2  Every row of docs/coverage.md names a capability that a test's title names: `[REL-02]`. */
import type { Finding } from './finding.ts'
import { walk } from './source.ts'
import { isTest, type Tree } from './tree.ts'

interface Named {
  readonly name: string
  /** The schema's file without its ending. */
  readonly schema: string
  readonly events: readonly string[]
}

const GLOSSARY = 'docs/glossary.md'
const COVERAGE = 'docs/coverage.md'

/** V1 */
export function checkGlossary(tree: Tree, topics: readonly Named[]): Finding[] {
  const explained = tree.has(GLOSSARY) ? wordsExplained(tree.text(GLOSSARY)) : new Set<string>()
  const missing = (word: string): Finding[] =>
    explained.has(word)
      ? []
      : [
          {
            file: GLOSSARY,
            line: 0,
            wall: 'one word, one meaning',
            problem: `'${word}' has no line`,
            remedy: `Say in one line what it is: | \`${word}\` | ... |`,
          },
        ]
  const words = topics.flatMap(({ name, events }) => [name.startsWith('dlq.') ? 'dlq.<topic>' : name, ...events])
  const withoutSchema = topics.flatMap(({ name, schema }) => {
    const file = `schemas/avro/${schema}.avsc`
    if (tree.has(file)) return []
    return [
      {
        file: 'schemas/topics.ts',
        line: 0,
        wall: 'every topic has a schema',
        problem: `${name} has none`,
        remedy: `Write ${file} and run npm run generate`,
      },
    ]
  })
  return [...withoutSchema, ...[...new Set(words)].flatMap(missing)]
}

/** The first cell of each table row, without its quotes; several words may share a row. */
export function wordsExplained(markdown: string): ReadonlySet<string> {
  const cells = markdown.split('\n').flatMap(line => /^\|([^|]+)\|[^|]*[^|\s]/.exec(line)?.[1] ?? [])
  return new Set(cells.flatMap(cell => cell.split(',').map(word => word.trim().replace(/^`|`$/g, ''))))
}

/** V2 */
export function checkCoverage(tree: Tree): Finding[] {
  if (!tree.has(COVERAGE)) return []
  const titles = tree.sources.filter(isTest).flatMap(file => titlesOf(tree, file))
  return tree
    .text(COVERAGE)
    .split('\n')
    .flatMap((text, index) => {
      const id = /^\|\s*\**([A-Z]+-\d+)\**\s*\|/.exec(text)?.[1]
      if (id === undefined || titles.some(title => title.includes(`[${id}]`))) return []
      return [
        {
          file: COVERAGE,
          line: index + 1,
          wall: 'what is covered is tested',
          problem: `no test's title names [${id}]`,
          remedy: `Name the test that shows it '... [${id}]', or remove the row`,
        },
      ]
    })
}

/** First arguments of `describe`, `it` and `test`, with or without `.each`, `.skipIf` and the like. */
export function titlesOf(tree: Tree, file: string): string[] {
  const titles: string[] = []
  walk(tree.source(file).program, node => {
    if (node.type !== 'CallExpression' || !isSuite(node.callee)) return
    const [first] = node.arguments as { type: string; value?: unknown; quasis?: { value: { raw: string } }[] }[]
    if (first?.type === 'Literal') titles.push(String(first.value))
    if (first?.type === 'TemplateLiteral') titles.push((first.quasis ?? []).map(each => each.value.raw).join('...'))
  })
  return titles
}

function isSuite(callee: unknown): boolean {
  const { type, name, object, callee: inner } = callee as Record<string, unknown>
  if (type === 'Identifier') return name === 'describe' || name === 'it' || name === 'test'
  if (type === 'MemberExpression') return isSuite(object)
  return type === 'CallExpression' && isSuite(inner)
}
