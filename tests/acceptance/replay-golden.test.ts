/** Real captures through the whole chain: the bytes that they gave before, on the memory log and on the local log. */
import { describe, expect, it } from 'vitest'
import { missing, type RealCapture, real, withCaptures } from './testing/captures.ts'
import { type Fingerprint, fingerprint, type Manner, titleOf } from './testing/fingerprint.ts'
import { expectGolden } from './testing/golden.ts'

const each: readonly (readonly [name: RealCapture, others: readonly Manner[]])[] = [
  ['spot-btcusdt', [{ kind: 'local', layout: { partitions: 3, shards: 2 } }]],
  ['spot-ethusdt', [{ kind: 'memory', layout: { partitions: 8, shards: 5 }, split: true }]],
  ['usdm-btcusdt', [{ kind: 'memory', layout: { partitions: 1, shards: 2 }, chunk: 1_000_000 }]],
  ['usdm-ethusdt', [{ kind: 'local', layout: { partitions: 8, shards: 1 }, tasks: { maxEvents: 1_000 } }]],
  ['coinm-btcusd', [{ kind: 'local', layout: { partitions: 1, shards: 5 }, split: true, chunk: 10_000 }]],
]

describe.skipIf(missing.length > 0)(withCaptures('a capture of a real market [BACK-02]'), () => {
  it.each(each)('%s gives the bytes of its golden file', async (name, others) => {
    const plain = await fingerprint([real[name]])
    expectGolden(name, plain)
    for (const manner of others) expect(await fingerprint([real[name]], manner), titleOf(manner)).toEqual(plain)
  })

  it('trades on spot and on USD-margined futures, and not on coin-margined ones', async () => {
    const spot = await fingerprint([real['spot-btcusdt']])
    expect(spot.orders).toBeGreaterThan(0)
    expect(spot.fills).toBeGreaterThanOrEqual(spot.orders)
    const coin = await fingerprint([real['coinm-btcusd']])
    for (const topic of ['ticks', 'books', 'candles', 'features'])
      expect(coin.topics[topic]?.count, topic).toBeGreaterThan(0)
    expect([coin.intents, coin.orders, coin.fills]).toEqual([0, 0, 0])
  })
})

describe.skipIf(missing.length > 0)(withCaptures('captures of five feeds, merged by receive time [BACK-02]'), () => {
  const all = Object.values(real)
  const manners: readonly Manner[] = [
    { kind: 'memory', layout: { partitions: 8, shards: 2 } },
    { kind: 'local', layout: { partitions: 3, shards: 5 } },
  ]
  let plain: Fingerprint | undefined

  it('give the bytes of their golden file', async () => {
    plain = await fingerprint(all)
    expectGolden('all', plain)
  })

  it.each(manners.map(manner => [titleOf(manner), manner] as const))('and the same on the %s', async (_, manner) => {
    expect(await fingerprint([...all].reverse(), manner)).toEqual(plain)
  })
})
