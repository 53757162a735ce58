import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AvroRecord, AvroType, SchemaVersion } from './avro.ts'
import { canRead } from './compatibility.ts'
import { MONEY_SCALE } from './decimal.ts'
import { schemaOf, topicNames } from './topics.ts'

const here = new URL('.', import.meta.url)
const read = (path: string) => JSON.parse(readFileSync(new URL(path, here), 'utf8'))
const versions: readonly SchemaVersion[] = read('generated/versions.json')

const aRecord = (...fields: AvroRecord['fields']): AvroRecord => ({ type: 'record', name: 'Trade', fields })
const event = (name: string, ...fields: AvroRecord['fields']): AvroRecord => ({ type: 'record', name, fields })

/** Every version that cannot read one of before it. */
function unreadable(all: readonly SchemaVersion[]): string[] {
  return all.flatMap(reader =>
    all
      .filter(writer => writer.topic === reader.topic && writer.version < reader.version)
      .flatMap(writer => {
        const problem = canRead(reader.schema, writer.schema)
        return problem ? [`${reader.topic} v${reader.version} cannot read v${writer.version}: ${problem}`] : []
      }),
  )
}

/** Each type of a schema, outermost first. */
function typesIn(type: AvroType): AvroType[] {
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return [type, ...type.flatMap(typesIn)]
  if (type.type === 'record') return [type, ...type.fields.flatMap(field => typesIn(field.type))]
  if (type.type === 'array') return [type, ...typesIn(type.items)]
  if (type.type === 'map') return [type, ...typesIn(type.values)]
  return [type]
}

describe('the schema versions', () => {
  it('hold the newest avro/*.avsc of every topic: nobody forgot `npm run generate`', () => {
    const files = readdirSync(new URL('avro/', here)).filter(name => name.endsWith('.avsc'))
    for (const file of files) {
      const topic = file.slice(0, -'.avsc'.length)
      expect(versions.filter(each => each.topic === topic).at(-1)?.schema, file).toEqual(read(`avro/${file}`))
    }
    expect(new Set(versions.map(each => each.topic))).toEqual(
      new Set(files.map(file => file.slice(0, -'.avsc'.length))),
    )
  })

  it('are there for every topic', () => {
    const known = new Set(versions.map(each => each.topic))
    expect(topicNames.filter(name => !known.has(schemaOf(name)))).toEqual([])
  })

  it('read every earlier version of their topic', () => {
    expect(unreadable(versions)).toEqual([])
  })

  it('count from 1 without a gap, and no id stands twice', () => {
    expect(new Set(versions.map(each => each.id)).size).toBe(versions.length)
    for (const { topic } of versions) {
      const numbers = versions.filter(each => each.topic === topic).map(each => each.version)
      expect(numbers, topic).toEqual(numbers.map((_, index) => index + 1))
    }
  })

  it('keep money at one scale: a resolver would read another scale as another amount', () => {
    const amounts = versions.flatMap(({ schema }) => typesIn(schema)).filter(type => isBytes(type) && type.logicalType)
    expect(amounts.length).toBeGreaterThan(0)
    for (const amount of amounts)
      expect(amount).toEqual({ type: 'bytes', logicalType: 'decimal', precision: 38, scale: MONEY_SCALE })
  })

  it('tell the same story of every event: who, when, why, what', () => {
    const named = (schema: AvroRecord) => schema.fields.map(field => field.name)
    const envelope = ['key', 'source', 'seq', 'eventTime', 'ingestTime', 'causes']
    for (const { topic, schema } of versions) {
      if (!named(schema).includes('data')) continue
      expect(named(schema).slice(0, 6), topic).toEqual(envelope)
      expect(
        [
          ['root', 'rank', 'count', 'data'],
          ['replayOf', 'data'],
        ],
        topic,
      ).toContainEqual(named(schema).slice(6))
    }
  })
})

function isBytes(type: AvroType): type is Extract<AvroType, { type: 'bytes' }> {
  return typeof type === 'object' && !Array.isArray(type) && type.type === 'bytes'
}

describe('what an old record can be read under', () => {
  const old = aRecord({ name: 'price', type: 'long' }, { name: 'data', type: [event('A'), event('B')] })

  it.each([
    ['the same', old],
    ['a new field with a default', aRecord(...old.fields, { name: 'size', type: 'long', default: 0 })],
    ['a field that is gone', aRecord({ name: 'data', type: [event('A'), event('B')] })],
    ['a wider number', aRecord({ name: 'price', type: 'double' }, { name: 'data', type: [event('A'), event('B')] })],
    [
      'one more event',
      aRecord({ name: 'price', type: 'long' }, { name: 'data', type: [event('A'), event('B'), event('C')] }),
    ],
  ])('%s: yes', (_, reader) => {
    expect(canRead(reader, old)).toBeUndefined()
  })

  it.each([
    ['a new field without a default', aRecord(...old.fields, { name: 'size', type: 'long' })],
    ['a changed type', aRecord({ name: 'price', type: 'string' }, { name: 'data', type: [event('A'), event('B')] })],
    ['a narrower number', aRecord({ name: 'price', type: 'int' }, { name: 'data', type: [event('A'), event('B')] })],
    ['an event removed from the union', aRecord({ name: 'price', type: 'long' }, { name: 'data', type: [event('A')] })],
    [
      'a field without default inside of an event',
      aRecord(
        { name: 'price', type: 'long' },
        { name: 'data', type: [event('A', { name: 'x', type: 'long' }), event('B')] },
      ),
    ],
    ['another name', { ...old, name: 'Quote' }],
  ])('%s: no, and it says why', (_, reader) => {
    expect(canRead(reader, old)).toMatch(/\w/)
  })

  it('a symbol removed from an enum: no', () => {
    const sides = (...symbols: string[]) => aRecord({ name: 'side', type: { type: 'enum', name: 'Side', symbols } })
    expect(canRead(sides('buy', 'sell', 'both'), sides('buy', 'sell'))).toBeUndefined()
    expect(canRead(sides('buy'), sides('buy', 'sell'))).toMatch(/Side/)
  })

  it('is asked of every pair, so a third version that breaks with the first is found', () => {
    const chain = [
      aRecord({ name: 'price', type: 'int' }),
      aRecord({ name: 'price', type: 'long' }),
      aRecord({ name: 'price', type: 'long' }, { name: 'venue', type: 'string' }),
    ].map((schema, index) => ({ id: index + 1, topic: 'ticks', version: index + 1, schema }))
    expect(unreadable(chain)).toEqual([
      expect.stringContaining('ticks v3 cannot read v1'),
      expect.stringContaining('ticks v3 cannot read v2'),
    ])
  })
})
