/** The beginning of two captures, in every layout and every manner: where the bytes come from must never show in them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginningOf, missing, real, scratch, withCaptures } from './testing/captures.ts'
import { type Fingerprint, fingerprint, type Manner, titleOf } from './testing/fingerprint.ts'
import { expectGolden } from './testing/golden.ts'

const manners: Manner[] = (['memory', 'local'] as const).flatMap(kind =>
  [1, 3, 8].flatMap(partitions =>
    [1, 2, 5].flatMap(shards => [false, true].map(split => ({ kind, layout: { partitions, shards }, split }))),
  ),
)

const layout = { partitions: 3, shards: 2 }
const sizes: Manner[] = [
  { kind: 'memory', layout, chunk: 1 },
  { kind: 'memory', layout, chunk: 97, tasks: { maxEvents: 7 } },
  { kind: 'memory', layout, chunk: 1_000_000 },
  { kind: 'memory', layout, tasks: { maxEvents: 1_000_000, readLimit: { records: 1_000_000, bytes: 1 << 30 } } },
  { kind: 'memory', layout, tasks: { readLimit: { records: 13, bytes: 1 << 20 } } },
  { kind: 'local', layout, tasks: { readLimit: { records: 500, bytes: 900 } } },
  { kind: 'local', layout, chunk: 41, split: true },
  { kind: 'local', layout, tasks: { maxEvents: 100, snapshotEvery: 300 } },
]

describe.skipIf(missing.length > 0)(withCaptures('the beginning of two captures gives the same bytes'), () => {
  let discard = () => {}
  let captures: string[] = []
  let plain: Fingerprint | undefined

  beforeAll(async () => {
    const { folder, ...place } = scratch('layouts')
    discard = place.discard
    captures = [
      await beginningOf(real['spot-btcusdt'], 5_000, folder),
      await beginningOf(real['spot-ethusdt'], 4_000, folder),
    ]
    plain = await fingerprint(captures)
  })
  afterAll(() => discard())

  it('as its golden file says, with orders and fills among them', () => {
    if (!plain) throw new Error('nothing was replayed')
    expectGolden('beginning', plain)
    expect(plain.orders).toBeGreaterThan(0)
    expect(plain.fills).toBeGreaterThan(0)
  })

  it.each(manners.map(manner => [titleOf(manner), manner] as const))('on the %s', async (_, manner) => {
    expect(await fingerprint(captures, manner)).toEqual(plain)
  })

  it.each(sizes.map(manner => [titleOf(manner), manner] as const))('on the %s', async (_, manner) => {
    expect(await fingerprint(captures, manner)).toEqual(plain)
  })
})
