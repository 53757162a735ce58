/** A recording of the simulated market, replayed: the whole chain on real logs, with nothing but this repository. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from './testing/captures.ts'
import { type Fingerprint, fingerprint, type Manner, titleOf } from './testing/fingerprint.ts'
import { expectGolden } from './testing/golden.ts'

const manners: readonly Manner[] = [
  { kind: 'memory', layout: { partitions: 8, shards: 5 }, split: true },
  { kind: 'local', layout: { partitions: 1, shards: 1 } },
  { kind: 'local', layout: { partitions: 3, shards: 2 }, chunk: 173, tasks: { snapshotEvery: 1_000 } },
]

describe('the simulated market, recorded and replayed [BACK-02] [TEST-01]', () => {
  const { folder, discard } = scratch('simulated')
  let captures: string[] = []
  let plain: Fingerprint | undefined

  beforeAll(async () => {
    captures = await recordSimulated(folder, 60)
    plain = await fingerprint(captures)
  })
  afterAll(discard)

  it('gives the bytes of its golden file', () => {
    if (!plain) throw new Error('nothing was replayed')
    expectGolden('simulated', plain)
    expect(plain.damaged).toBe(0)
    for (const topic of ['books', 'candles', 'features', 'signals', 'orders', 'executions', 'positions', 'risk'])
      expect(plain.topics[topic]?.count, topic).toBeGreaterThan(0)
    expect(plain.fills).toBeGreaterThan(0)
  })

  it.each(manners.map(manner => [titleOf(manner), manner] as const))('and the same on the %s', async (_, manner) => {
    expect(await fingerprint(captures, manner)).toEqual(plain)
  })

  it('and the same when it is recorded again', async () => {
    const again = scratch('again')
    try {
      expect(await fingerprint(await recordSimulated(again.folder, 60))).toEqual(plain)
    } finally {
      again.discard()
    }
  })

  it('and other bytes for another seed', async () => {
    const other = scratch('seed')
    try {
      expect((await fingerprint(await recordSimulated(other.folder, 10, 8))).topics.books).not.toEqual(
        plain?.topics.books,
      )
    } finally {
      other.discard()
    }
  })
})
