import { orderLife, orderStates } from '@tideway/domain'
import { describe, expect, it } from 'vitest'
import { browser, diagramsIn, draw, problemOf } from './mermaid.ts'
import { repository, repositoryRoot } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'
import { walls } from './walls.ts'

const diagrams = diagramsIn(repository)
const found = browser()
const ofArchitecture = (start: string) => {
  const all = diagrams.filter(each => each.file === 'docs/architecture.md')
  return all.find(each => each.text.startsWith(start))?.text ?? ''
}

describe('diagrams of the documents [DOC-05]', () => {
  it('are in the architecture: topology, commit, order and identity, life of an order, one machine, rooms', () => {
    const kinds = diagrams
      .filter(each => each.file === 'docs/architecture.md')
      .map(each => each.text.replace(/^%%.*\n/, '').split(/\s/)[0])
    expect(kinds).toEqual(['flowchart', 'sequenceDiagram', 'flowchart', 'stateDiagram-v2', 'flowchart', 'flowchart'])
  })

  it.each(diagrams)('$file:$line is read by Mermaid', async ({ text }) => {
    expect(await problemOf(text)).toBeUndefined()
  })

  it.skipIf(!found)(`are drawn by a browser${found ? '' : ' (there is no Chromium on this machine)'}`, () => {
    const drawings = draw(found ?? '', repositoryRoot, [
      ...diagrams.map(each => each.text),
      'flowchart LR\n  a --> --> b',
    ])
    const broken = drawings.pop()
    expect(broken?.error).toMatch(/Parse error/)
    for (const [index, drawing] of drawings.entries()) {
      const where = `${diagrams[index]?.file}:${diagrams[index]?.line}`
      expect(drawing.error, where).toBeUndefined()
      expect(drawing.words.trim(), where).not.toBe('')
      expect(Math.min(drawing.width, drawing.height), where).toBeGreaterThan(50)
    }
  })

  it('are refused where Mermaid cannot read them, with file and line', async () => {
    const markdown =
      'text\n\n```mermaid\nflowchart LR\n  a --> --> b\n```\n\n```mermaid\nstateDiagram-v2\n  a -> b\n```\n'
    const [first, second] = diagramsIn(treeOf({ 'docs/notes.md': markdown }))
    expect(first).toMatchObject({ file: 'docs/notes.md', line: 4 })
    expect(await problemOf(first?.text ?? '')).toMatch(/Parse error/)
    expect(await problemOf(second?.text ?? '')).toMatch(/Parse error/)
  })
})

describe('the drawing of an order’s life', () => {
  it('has every step of the table that goes somewhere, and no other', () => {
    const text = ofArchitecture('stateDiagram')
    const arrows = [...text.matchAll(/^ +(\w+) --> (\w+): (.+)$/gm)]
    const inFrame = /state alive \{([^}]+)\}/.exec(text)?.[1]?.match(/\w+(?= -->)|(?<=--> )\w+/g) ?? []
    const alive = [...new Set(inFrame)]
    const drawn = arrows.flatMap(([, from = '', to, reports = '']) =>
      (from === 'alive' ? alive : [from]).flatMap(state => reports.split(' or ').map(each => `${state} ${each} ${to}`)),
    )
    const table = orderStates.flatMap(from =>
      Object.entries(orderLife[from])
        .filter(([, to]) => to !== from)
        .map(([report, to]) => `${from} ${report} ${to}`),
    )
    expect(drawn.sort()).toEqual(table.sort())
  })
})

describe('the drawing of the rooms', () => {
  it('has every room that is there, and only arrows that the table allows', () => {
    const lines = ofArchitecture('flowchart BT').split('\n').slice(1)
    const arrows = lines.flatMap(line => {
      const [, from = '', to = ''] = /^ {2}(\w+) -->(?:\|\w+\|)? (.+)$/.exec(line) ?? []
      return from === '' ? [] : to.split(' & ').map(each => ({ from, to: each }))
    })
    for (const { from, to } of arrows)
      expect(
        walls[from]?.some(each => each.split('/')[0] === to),
        `${from} -> ${to}`,
      ).toBe(true)
    const named = new Set([...lines.map(line => line.trim()), ...arrows.flatMap(({ from, to }) => [from, to])])
    for (const room of repository.rooms) expect(named).toContain(room)
  })
})
