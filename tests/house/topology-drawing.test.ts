/** The topology as docs/architecture.md draws it is the topology that runs. */
import { inputsOf, marketSegment, ranks, tradingSegment } from '@tideway/processors'
import { defineStrategy } from '@tideway/processors/strategy'
import type { Segment } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { diagramsIn } from './mermaid.ts'
import { repository } from './testing/repository.ts'

const drawings = diagramsIn(repository).filter(each => each.file === 'docs/architecture.md')
const topology = drawings.find(each => each.text.includes('subgraph market'))?.text ?? ''
const story = drawings.find(each => each.text.includes('identity:'))?.text ?? ''

/** Shapes by the name that arrows use: `paper([reports.paper])`, `venuesim[venue-sim]`. */
const labels = new Map(
  [...topology.matchAll(/(\w+)\(?\[([\w.-]+)\]\)?/g)].map(([, name = '', label = '']) => [name, label] as const),
)
const labelled = (name: string) => labels.get(name) ?? name
const topics = new Set([...topology.matchAll(/^ +(\w+)\(\[[\w.]+\]\)$/gm)].map(match => match[1] ?? ''))
const arrows = [...topology.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from = '', to = '']) => ({ from, to }))

/** Reads everything that a strategy may read. */
const curious = defineStrategy({
  ...{ name: 'curious', version: 1, about: 'Reads everything and wants nothing.' },
  reads: ['books', 'candles', 'features', 'positions', 'quotes', 'trades'],
  ...{ parameters: {}, empty: () => ({}), cooldownSeconds: () => 1 },
  on: {
    books: () => undefined,
    candles: () => undefined,
    features: () => undefined,
    positions: () => undefined,
    quotes: () => undefined,
    trades: () => undefined,
  },
})

const layout = { partitions: 1, shards: 1 }
const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

describe.each<[string, Segment]>([
  ['market', marketSegment()],
  ['trading', tradingSegment([curious])],
])('the %s segment as drawn', (name, segment) => {
  it('has its stages in their order', () => {
    const frame = new RegExp(`subgraph ${name} \\[[^\\]]+\\]\\n([\\s\\S]*?)\\n  end`).exec(topology)?.[1] ?? ''
    const line = (frame.split('\n')[0] ?? '').trim().split(' --> ')
    const stages = line.map(shape => labelled(/^\w+/.exec(shape)?.[0] ?? ''))
    expect(stages).toEqual(segment.stages.map(({ stage }) => stage.name))
  })

  it('reads and writes what its stages read and write', () => {
    const reads = arrows.filter(({ from, to }) => to === name && topics.has(from)).map(({ from }) => labelled(from))
    const writes = arrows.filter(({ from, to }) => from === name && topics.has(to)).map(({ to }) => labelled(to))
    expect(sorted(reads)).toEqual(sorted(inputsOf(segment, 0, layout).map(({ topic }) => topic)))
    expect(sorted(writes)).toEqual(sorted(segment.stages.flatMap(({ stage }) => stage.writes)))
  })
})

describe('the story of one order as drawn', () => {
  it('counts with the ranks that stages have', () => {
    const told = [...story.matchAll(/identity: \w+, [^,]+, (\w+), \d+<br>stamp: the same root, then (\d+),/g)]
    expect(told.length).toBeGreaterThan(2)
    const trading = tradingSegment([]).stages.map(({ stage }) => stage.name)
    for (const [, source = '', rank] of told)
      expect(Number(rank), source).toBe(trading.includes(source) ? ranks.trading : ranks[source as keyof typeof ranks])
  })
})
