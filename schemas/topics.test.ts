import { describe, expect, it } from 'vitest'
import { hashedTopics, isTopic, partitionsOf, rankOf, schemaOf, topicNames, topics } from './topics.ts'

const ofKind = (kind: string) => topicNames.filter(name => topics[name].kind === kind)
const inputs = ofKind('input')

describe('the table of topics', () => {
  it('gives each topic one kind: input, derived or control (T1)', () => {
    expect([...ofKind('input'), ...ofKind('derived'), ...ofKind('control')].sort()).toEqual([...topicNames].sort())
  })

  it('hashes every derived topic and nothing else: input is given, control is the machinery’s own (T1)', () => {
    expect(hashedTopics).toEqual(ofKind('derived'))
  })

  it('ranks input topics from 1, each once, and leaves 0 to timers and to what is derived (T2)', () => {
    expect(inputs.map(rankOf).sort((a, b) => a - b)).toEqual(inputs.map((_, index) => index + 1))
    for (const name of topicNames) if (!inputs.includes(name)) expect(rankOf(name), name).toBe(0)
  })

  it('lets configuration stand before commands, and both before the market (T2)', () => {
    expect(rankOf('config')).toBeLessThan(rankOf('commands'))
    for (const name of ['reports', 'ticks'] as const) expect(rankOf('commands')).toBeLessThan(rankOf(name))
  })

  it.each(topicNames)('%s has as many partitions as its keys need (T3)', name => {
    const partitions = partitionsOf(name, { partitions: 8, shards: 5 })
    expect(partitions).toBe({ one: 1, symbol: 8, portfolio: 5 }[topics[name].per])
  })

  it('keeps market topics by symbol and trading topics by portfolio (T3)', () => {
    expect(['ticks', 'books', 'candles', 'features'].map(name => isTopic(name) && topics[name].per)).toEqual(
      Array(4).fill('symbol'),
    )
    expect(['orders', 'positions', 'reports', 'reports.paper'].map(name => isTopic(name) && topics[name].per)).toEqual(
      Array(4).fill('portfolio'),
    )
  })

  it('has a place for the dead letters of every input and derived topic', () => {
    const wanted = [...inputs, ...ofKind('derived')].map(name => `dlq.${name}`)
    expect(topicNames.filter(name => name.startsWith('dlq.')).sort()).toEqual(wanted.sort())
  })

  it('keeps for ever what cannot be made again: commands, configuration, reports, dead letters', () => {
    const kept = topicNames.filter(name => topics[name].retentionHours === null)
    expect(kept).toEqual(expect.arrayContaining(['config', 'commands', 'reports', 'orders', 'dlq.ticks']))
    for (const name of topicNames)
      if (!kept.includes(name)) expect(topics[name].retentionHours, name).toBeGreaterThan(0)
  })

  it('shares one schema among dead letters, and gives every other topic its own', () => {
    expect(schemaOf('dlq.reports.paper')).toBe('dlq')
    expect(schemaOf('reports.paper')).toBe('reports.paper')
    const own = topicNames.filter(name => !name.startsWith('dlq.'))
    expect(new Set(own.map(schemaOf)).size).toBe(own.length)
  })

  it('knows its own names only', () => {
    expect(isTopic('ticks')).toBe(true)
    expect(isTopic('tocks')).toBe(false)
    expect(isTopic('toString')).toBe(false)
  })
})
