/** A schema id stands in every record that was ever written, so an id means one schema for ever. The golden table says
 *  which; it only grows. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AvroRecord, SchemaVersion } from './avro.ts'

interface GoldenId {
  readonly id: number
  readonly topic: string
  readonly version: number
  readonly sha256: string
}

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const versions = read<SchemaVersion[]>('./generated/versions.json')
const golden = read<GoldenId[]>('./golden/schema-ids.json')

/** Of the whole text, documentation and defaults included: readers depend on the latter. */
const fingerprint = (schema: AvroRecord) => createHash('sha256').update(JSON.stringify(schema)).digest('hex')

describe('schema ids', () => {
  it.each(golden)('$id is $topic, version $version, for ever', ({ id, topic, version, sha256 }) => {
    const found = versions.find(each => each.id === id)
    expect(found && { id, topic: found.topic, version: found.version, sha256: fingerprint(found.schema) }).toEqual({
      ...{ id, topic, version, sha256 },
    })
  })

  it('are all in the golden table; a new one is added to schemas/golden/schema-ids.json as printed here', () => {
    const missing = versions
      .filter(({ id }) => !golden.some(each => each.id === id))
      .map(({ id, topic, version, schema }) => ({ id, topic, version, sha256: fingerprint(schema) }))
    expect(missing).toEqual([])
  })
})
