/** L1: what readers see, how reads are limited, and how they wait. */
import { aCommit, aRecord, commits, everything, readAll, type Suite, text, textsOf, wrote } from './harness.ts'

export function describeReading({ describe, it, expect, withLog, refuses }: Suite): void {
  const letters = [...'abcdefghij']

  describe('a read', () => {
    it(
      'of an empty partition gives no records',
      withLog(async log => {
        const { first, next } = await log.ends('ticks', 0)
        expect(next).toBe(first)
        expect(await log.read('ticks', 0, first, everything)).toEqual({ records: [], nextOffset: first, watermark: 0 })
      }),
    )

    it(
      'goes on where the last one ended, whatever the limit of records',
      withLog(async log => {
        const writer = await commits(log, 'feed', wrote('ticks', 0, ...letters.slice(0, 4)))
        await writer.commit(wrote('ticks', 0, ...letters.slice(4)))
        for (const records of [1, 2, 3, 7, 10, 11]) {
          expect(await textsOf(log, 'ticks', 0, { ...everything, records })).toEqual(letters)
        }
        const { first } = await log.ends('ticks', 0)
        expect((await log.read('ticks', 0, first, { ...everything, records: 3 })).records).toHaveLength(3)
      }),
    )

    it(
      'stops before its limit of bytes, but takes one record at least',
      withLog(async log => {
        const values = ['x'.repeat(100), 'y'.repeat(100), 'z'.repeat(100)]
        await commits(log, 'feed', wrote('ticks', 0, ...values))
        const { first } = await log.ends('ticks', 0)
        const taken = async (bytes: number) =>
          (await log.read('ticks', 0, first, { ...everything, bytes })).records.length
        expect([await taken(250), await taken(100), await taken(1)]).toEqual([2, 1, 1])
        expect(await textsOf(log, 'ticks', 0, { ...everything, bytes: 1 })).toEqual(values)
      }),
    )

    it(
      'may start at any offset',
      withLog(async log => {
        await commits(log, 'feed', wrote('ticks', 0, ...letters), wrote('ticks', 0, 'k'))
        const all = await readAll(log, 'ticks', 0)
        for (const [i, { offset }] of all.entries()) {
          const { records } = await log.read('ticks', 0, offset, everything)
          expect(text(records[0]?.value)).toBe(text(all[i]?.value))
        }
      }),
    )

    it(
      'outside of what is kept is out of range, and names the range',
      withLog(async log => {
        await commits(log, 'feed', wrote('ticks', 0, 'a'))
        const { next } = await log.ends('ticks', 0)
        for (const from of [next + 1, -1, 0.5, Number.NaN]) {
          await refuses('out-of-range', log.read('ticks', 0, from, everything))
        }
        expect((await log.read('ticks', 0, next, everything)).records).toEqual([])
      }),
    )

    it(
      'of what does not exist is refused',
      withLog(async log => {
        await refuses('not-found', log.read('ticks', 3, 0, everything))
        await refuses('not-found', log.read('nowhere' as 'ticks', 0, 0, everything))
        await refuses('not-found', log.ends('clock', 1))
      }),
    )

    it(
      'by many readers at once, while a writer commits, shows whole commits in order',
      withLog(async log => {
        const writer = await log.open('feed')
        const commitCount = 30
        const write = async () => {
          for (let i = 0; i < commitCount; i++) {
            const records = [aRecord(`${i}.0`), aRecord(`${i}.1`)]
            const output = (partition: number) => ({ topic: 'ticks' as const, partition, records })
            await writer.commit(aCommit({ outputs: [output(0), output(1)] }))
          }
        }
        const follow = async (partition: number, records: number) => {
          const seen: (string | undefined)[] = []
          let from = (await log.ends('ticks', partition)).first
          while (seen.length < 2 * commitCount) {
            const { version } = log
            const batch = await log.read('ticks', partition, from, { ...everything, records })
            seen.push(...batch.records.map(record => text(record.value)))
            if (batch.nextOffset === from) await log.changed(version)
            from = batch.nextOffset
          }
          return seen
        }
        const [, ...seen] = await Promise.all([write(), follow(0, 1), follow(0, 100), follow(1, 3)])
        const expected = Array.from({ length: 2 * commitCount }, (_, i) => `${i >> 1}.${i & 1}`)
        for (const values of seen) expect(values).toEqual(expected)
      }),
    )
  })

  describe('waiting', () => {
    it(
      'ends with the next commit, for all who wait',
      withLog(async log => {
        const writer = await log.open('feed')
        const { version } = log
        const waiting = Promise.all([log.changed(version), log.changed(version)])
        await writer.commit(wrote('ticks', 0, 'a'))
        await waiting
        expect(log.version).not.toBe(version)
      }),
    )

    it(
      'does not begin when the version has moved on already',
      withLog(async log => {
        const { version } = log
        await commits(log, 'feed', wrote('ticks', 0, 'a'))
        await log.changed(version)
      }),
    )

    it(
      'ends when it is aborted, with the reason',
      withLog(async log => {
        const stop = new AbortController()
        const waiting = log.changed(log.version, stop.signal)
        stop.abort(new Error('shutting down'))
        await expect(waiting).rejects.toThrow('shutting down')
        await expect(log.changed(log.version, stop.signal)).rejects.toThrow('shutting down')
      }),
    )
  })
}
