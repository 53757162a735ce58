/** L1, L3, L5: what a commit leaves behind, whole or not at all. */
import { aCommit, aRecord, bytes, commits, readAll, type Suite, text, textsOf, wrote } from './harness.ts'

export function describeWriting({ describe, it, expect, withLog, refuses }: Suite): void {
  describe('a commit', () => {
    it(
      'puts records into several partitions at once, each in the order given',
      withLog(async log => {
        const before = log.version
        await commits(
          log,
          'feed',
          aCommit({
            outputs: [
              { topic: 'ticks', partition: 0, records: [aRecord('a'), aRecord('b')] },
              { topic: 'ticks', partition: 2, records: [aRecord('c')] },
              { topic: 'orders', partition: 1, records: [aRecord('d')] },
            ],
          }),
        )
        expect(await textsOf(log, 'ticks', 0)).toEqual(['a', 'b'])
        expect(await textsOf(log, 'ticks', 1)).toEqual([])
        expect(await textsOf(log, 'ticks', 2)).toEqual(['c'])
        expect(await textsOf(log, 'orders', 1)).toEqual(['d'])
        expect(log.version).not.toBe(before)
      }),
    )

    it(
      'may name a partition twice: the records follow each other',
      withLog(async log => {
        const output = (value: string) => ({ topic: 'ticks' as const, partition: 1, records: [aRecord(value)] })
        await commits(log, 'feed', aCommit({ outputs: [output('a'), output('b')] }), wrote('ticks', 1, 'c'))
        expect(await textsOf(log, 'ticks', 1)).toEqual(['a', 'b', 'c'])
      }),
    )

    it(
      'keeps key and bytes, empty ones too',
      withLog(async log => {
        const odd = new Uint8Array([0, 255, 10, 13, 0])
        const records = [
          { key: '', value: new Uint8Array() },
          { key: 'p/ö-😀', value: odd },
        ]
        await commits(log, 'feed', aCommit({ outputs: [{ topic: 'ticks', partition: 0, records }] }))
        const read = await readAll(log, 'ticks', 0)
        expect(read.map(record => record.key)).toEqual(['', 'p/ö-😀'])
        expect(read.map(record => [...record.value])).toEqual([[], [...odd]])
      }),
    )

    it(
      'gives offsets that grow and that later commits do not change',
      withLog(async log => {
        const writer = await commits(log, 'feed', wrote('ticks', 0, 'a', 'b'))
        const before = await readAll(log, 'ticks', 0)
        await writer.commit(wrote('ticks', 0, 'c'))
        const after = await readAll(log, 'ticks', 0)
        const offsets = after.map(record => record.offset)
        expect(offsets.slice(0, 2)).toEqual(before.map(record => record.offset))
        expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
      }),
    )

    it(
      'without records still saves and still wakes',
      withLog(async log => {
        const before = log.version
        const writer = await commits(log, 'task', aCommit({ progress: bytes('at 7') }))
        expect(text((await writer.restore())?.progress)).toBe('at 7')
        expect(log.version).not.toBe(before)
      }),
    )

    it(
      'from many writers at once is never interleaved within a partition',
      withLog(async log => {
        const names = ['a', 'b', 'c', 'd']
        await Promise.all(
          names.map(async name => {
            const writer = await log.open(name)
            for (let i = 0; i < 5; i++) await writer.commit(wrote('ticks', 0, `${name}${i}.0`, `${name}${i}.1`))
          }),
        )
        const values = await textsOf(log, 'ticks', 0)
        expect(values).toHaveLength(40)
        for (let i = 0; i < values.length; i += 2) expect(values[i + 1]).toBe(values[i]?.replace('.0', '.1'))
        for (const name of names) {
          expect(values.filter(value => value?.startsWith(name)).map(value => Number(value?.[1]))).toEqual([
            0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
          ])
        }
      }),
    )
  })

  describe('a commit that is refused', () => {
    const tooLarge = aCommit({
      outputs: [
        { topic: 'ticks', partition: 0, records: [aRecord('small')] },
        { topic: 'ticks', partition: 1, records: [aRecord('x'.repeat(1001))] },
      ],
      watermarks: [{ topic: 'ticks', partition: 0, source: 'binance', time: 50 }],
      state: [{ key: 'k', value: bytes('v') }],
    })

    it(
      'for a record over the limit leaves nothing behind, and the writer goes on',
      withLog(
        async log => {
          const writer = await commits(log, 'feed', aCommit({ progress: bytes('before') }))
          const { version } = log
          await refuses('record-too-large', writer.commit(tooLarge))
          expect(await textsOf(log, 'ticks', 0)).toEqual([])
          expect((await log.ends('ticks', 0)).watermark).toBe(0)
          const saved = await writer.restore()
          expect([text(saved?.progress), saved?.state.size]).toEqual(['before', 0])
          expect(log.version).toBe(version)
          await writer.commit(wrote('ticks', 1, 'x'.repeat(1000)))
          expect(await readAll(log, 'ticks', 1)).toHaveLength(1)
        },
        { maxRecordBytes: 1000 },
      ),
    )

    it(
      'is never a dead letter about a record that was let in',
      withLog(
        async log => {
          const writer = await log.open('task')
          const letter = (bytes: number) => wrote('dlq.ticks', 0, 'x'.repeat(bytes))
          await writer.commit(letter(1000 + 60_000))
          await refuses('record-too-large', writer.commit(letter(1000 + 70_000)))
          expect(await readAll(log, 'dlq.ticks', 0)).toHaveLength(1)
          expect(log.maxRecordBytes).toBe(1000)
        },
        { maxRecordBytes: 1000 },
      ),
    )

    it(
      'for a partition that does not exist leaves nothing behind',
      withLog(async log => {
        const writer = await log.open('feed')
        const records = [aRecord('a')]
        const good = { topic: 'ticks' as const, partition: 0, records }
        await refuses('not-found', writer.commit(aCommit({ outputs: [good, { ...good, partition: 3 }] })))
        await refuses(
          'not-found',
          writer.commit(aCommit({ outputs: [good, { ...good, topic: 'nowhere' as 'ticks' }] })),
        )
        await refuses(
          'not-found',
          writer.commit(
            aCommit({ outputs: [good], watermarks: [{ topic: 'clock', partition: 1, source: 'clock', time: 1 }] }),
          ),
        )
        expect(await textsOf(log, 'ticks', 0)).toEqual([])
        expect(await writer.restore()).toBeUndefined()
      }),
    )
  })
}
