/** L4: what a partition promises. */
import type { Watermark } from '../log.ts'
import { aCommit, aRecord, commits, everything, type Suite } from './harness.ts'

export function describeWatermarks({ describe, it, expect, withLog }: Suite): void {
  const at = (source: string, time: number | null, partition = 0): Watermark => ({
    topic: 'ticks',
    partition,
    source,
    time,
  })
  const promises = (...watermarks: Watermark[]) => aCommit({ watermarks })
  const brings = (values: string[], ...watermarks: Watermark[]) =>
    aCommit({ outputs: [{ topic: 'ticks', partition: 0, records: values.map(value => aRecord(value)) }], watermarks })

  describe('a watermark', () => {
    it(
      'is 0 until a source speaks, then the minimum over the sources of its partition',
      withLog(async log => {
        const time = async (partition = 0) => (await log.ends('ticks', partition)).watermark
        expect(await time()).toBe(0)
        const writer = await commits(log, 'feeds', promises(at('binance', 0), at('kraken', 0)))
        await writer.commit(promises(at('binance', 100)))
        expect(await time()).toBe(0)
        await writer.commit(promises(at('kraken', 70), at('binance', 200, 1)))
        expect([await time(), await time(1), await time(2)]).toEqual([70, 200, 0])
        await writer.commit(promises(at('kraken', 150)))
        expect(await time()).toBe(100)
      }),
    )

    it(
      'no longer waits for a source that was removed',
      withLog(async log => {
        const writer = await commits(log, 'feeds', promises(at('binance', 100), at('kraken', 70)))
        await writer.commit(promises(at('kraken', null)))
        expect((await log.ends('ticks', 0)).watermark).toBe(100)
        await writer.commit(promises(at('binance', null)))
        expect((await log.ends('ticks', 0)).watermark).toBe(100)
      }),
    )

    it(
      'never goes back: not with its source, and not when a source joins late',
      withLog(async log => {
        const time = async () => (await log.ends('ticks', 0)).watermark
        const writer = await commits(log, 'feeds', promises(at('binance', 100)))
        await writer.commit(promises(at('binance', 90)))
        expect(await time()).toBe(100)
        await writer.commit(promises(at('kraken', 50), at('binance', 200)))
        expect(await time()).toBe(100)
        await writer.commit(promises(at('kraken', 150)))
        expect(await time()).toBe(150)
      }),
    )

    it(
      'comes with an empty read',
      withLog(async log => {
        await commits(log, 'feed', promises(at('binance', 100)))
        const { next } = await log.ends('ticks', 0)
        const batch = await log.read('ticks', 0, next, everything)
        expect([batch.records.length, batch.watermark]).toEqual([0, 100])
      }),
    )

    it(
      'handed out with a batch promises nothing about records that the batch leaves out',
      withLog(async log => {
        const writer = await commits(log, 'feed', brings(['5', '9'], at('binance', 10)))
        await writer.commit(brings(['12', '15', '19'], at('binance', 20)))
        await writer.commit(promises(at('binance', 25)))
        await writer.commit(brings(['26'], at('binance', 30)))
        const { first } = await log.ends('ticks', 0)
        let from = first
        const seen: [number, number][] = []
        while (seen.length < 6) {
          const batch = await log.read('ticks', 0, from, { ...everything, records: 1 })
          seen.push([Number(new TextDecoder().decode(batch.records[0]?.value)), batch.watermark])
          from = batch.nextOffset
        }
        const times = seen.map(([time]) => time)
        expect(times).toEqual([5, 9, 12, 15, 19, 26])
        for (const [i, [, watermark]] of seen.entries()) {
          for (const later of times.slice(i + 1)) expect(later).toBeGreaterThanOrEqual(watermark)
        }
        expect(seen.at(-1)?.[1]).toBe(30)
        expect((await log.read('ticks', 0, first, everything)).watermark).toBe(30)
      }),
    )

    it(
      'is moved by any writer that carries the source, and survives reopening',
      withLog(async (log, harness) => {
        await commits(log, 'a', promises(at('binance', 100), at('kraken', 80)))
        await commits(log, 'b', promises(at('kraken', 90)))
        const again = await harness.reopen()
        expect((await again.ends('ticks', 0)).watermark).toBe(90)
        await commits(again, 'b', promises(at('kraken', null)))
        expect((await again.ends('ticks', 0)).watermark).toBe(100)
      }),
    )
  })
}
