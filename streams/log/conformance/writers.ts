/** L2 and what a writer saves: fencing, restoring, reopening. */
import { aCommit, bytes, commits, type Suite, text, textsOf, wrote } from './harness.ts'

export function describeWriters({ describe, it, expect, withLog, refuses }: Suite): void {
  const put = (key: string, value: string | null) => ({ key, value: value === null ? null : bytes(value) })

  describe('a writer', () => {
    it(
      'that has never committed finds nothing',
      withLog(async log => {
        const writer = await log.open('task')
        expect(writer.name).toBe('task')
        expect(await writer.restore()).toBeUndefined()
        expect(await log.writers()).toEqual([])
      }),
    )

    it(
      'finds its last progress, its state as the sum of its changes, and its last snapshot',
      withLog(async log => {
        const writer = await log.open('task')
        await writer.commit(
          aCommit({
            progress: bytes('1'),
            state: [put('a', '1'), put('b', '1'), put('c', '1')],
            snapshot: bytes('snap 1'),
          }),
        )
        await writer.commit(aCommit({ progress: bytes('2'), state: [put('b', '2'), put('c', null), put('d', '2')] }))
        await writer.commit(
          aCommit({ progress: bytes('3'), state: [put('e', '3'), put('e', null), put('never', null)] }),
        )
        const saved = await (await log.open('task')).restore()
        expect(text(saved?.progress)).toBe('3')
        expect([...(saved?.state ?? [])].map(([key, value]) => [key, text(value)])).toEqual([
          ['a', '1'],
          ['b', '2'],
          ['d', '2'],
        ])
        expect(text(saved?.snapshot)).toBe('snap 1')
      }),
    )

    it(
      'without a snapshot finds none, and an empty one as an empty one',
      withLog(async log => {
        const writer = await commits(log, 'task', aCommit())
        expect((await writer.restore())?.snapshot).toBeUndefined()
        await writer.commit(aCommit({ snapshot: new Uint8Array(), progress: new Uint8Array() }))
        const saved = await writer.restore()
        expect([saved?.snapshot?.byteLength, saved?.progress.byteLength]).toEqual([0, 0])
      }),
    )

    it(
      'finds its state in the order of the UTF-8 bytes of its keys',
      withLog(async log => {
        const keys = ['é', 'b', '😀', '\uffee', 'a/b', '', 'a', 'a!', 'B', 'x'.repeat(1000)]
        const writer = await commits(log, 'task', aCommit({ state: keys.map(key => put(key, key)) }))
        const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        expect([...((await writer.restore())?.state.keys() ?? [])]).toEqual(sorted)
      }),
    )

    it(
      'is refused a name or a state key that no store would keep',
      withLog(async log => {
        for (const name of ['', 'x'.repeat(201), 'a\0b', 'a\nb']) await refuses('refused', log.open(name))
        const writer = await log.open('x'.repeat(200))
        await refuses('refused', writer.commit(aCommit({ state: [put('€'.repeat(334), 'v')] })))
        expect(await writer.restore()).toBeUndefined()
      }),
    )

    it(
      'keeps large state, progress and snapshots',
      withLog(async log => {
        const large = new Uint8Array(100_000).map((_, i) => i)
        const state = Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, value: large.subarray(i) }))
        const writer = await commits(log, 'task', aCommit({ progress: large, state, snapshot: large.subarray(7) }))
        const saved = await writer.restore()
        expect(Buffer.compare(saved?.progress ?? bytes(''), large)).toBe(0)
        expect(Buffer.compare(saved?.snapshot ?? bytes(''), large.subarray(7))).toBe(0)
        for (const { key, value } of state) expect(Buffer.compare(saved?.state.get(key) ?? bytes(''), value)).toBe(0)
      }),
    )

    it(
      'shares nothing with a writer of another name',
      withLog(async log => {
        await commits(log, 'task', aCommit({ progress: bytes('a'), state: [put('k', 'a')], snapshot: bytes('a') }))
        await commits(log, 'task/2', aCommit({ progress: bytes('b'), state: [put('k', 'b')] }))
        await commits(log, 'tas', aCommit({ progress: bytes('c'), state: [put('kk', 'c')] }))
        const saved = await (await log.open('task')).restore()
        expect([text(saved?.progress), text(saved?.state.get('k')), saved?.state.size]).toEqual(['a', 'a', 1])
        expect((await (await log.open('task/2')).restore())?.snapshot).toBeUndefined()
      }),
    )
  })

  describe('opening a writer again', () => {
    it(
      'fences the one before: it commits nothing more',
      withLog(async log => {
        const old = await commits(log, 'task', wrote('ticks', 0, 'a'))
        const taken = await log.open('task')
        await refuses('fenced', old.commit({ ...wrote('ticks', 0, 'b'), progress: bytes('late') }))
        await taken.commit(wrote('ticks', 0, 'c'))
        await refuses('fenced', old.commit(wrote('ticks', 0, 'd')))
        expect(await textsOf(log, 'ticks', 0)).toEqual(['a', 'c'])
        expect(text((await taken.restore())?.progress)).toBe('here')
      }),
    )

    it(
      'leaves writers of other names alone',
      withLog(async log => {
        const other = await log.open('other')
        await log.open('task')
        await log.open('task')
        await other.commit(wrote('ticks', 0, 'a'))
        expect(await textsOf(log, 'ticks', 0)).toEqual(['a'])
      }),
    )

    it(
      'is needed after closing',
      withLog(async log => {
        const writer = await commits(log, 'task', wrote('ticks', 0, 'a'))
        await writer.close()
        await refuses('closed', writer.commit(wrote('ticks', 0, 'b')))
        await (await log.open('task')).commit(wrote('ticks', 0, 'c'))
        expect(await textsOf(log, 'ticks', 0)).toEqual(['a', 'c'])
      }),
    )
  })

  describe('the list of writers', () => {
    it(
      'says how far each has read and how often it committed',
      withLog(async log => {
        const at = (topic: 'ticks' | 'books' | 'config', partition: number, offset: number) => ({
          topic,
          partition,
          offset,
        })
        const task = await commits(log, 'market-0', aCommit({ positions: [at('ticks', 0, 1), at('config', 0, 5)] }))
        await task.commit(aCommit({ positions: [at('ticks', 0, 4), at('books', 0, 2)] }))
        await task.commit(aCommit())
        await commits(log, 'feed', wrote('ticks', 0, 'a'))
        expect(await log.writers()).toEqual([
          { name: 'feed', positions: [], commits: 1 },
          { name: 'market-0', positions: [at('books', 0, 2), at('config', 0, 5), at('ticks', 0, 4)], commits: 3 },
        ])
      }),
    )
  })

  describe('a log that is opened again', () => {
    it(
      'is the same log: incarnation, layout, records, offsets, what writers saved',
      withLog(async (log, harness) => {
        const commit = { ...wrote('ticks', 1, 'a', 'b'), state: [put('k', 'v')], snapshot: bytes('s') }
        await commits(log, 'task', { ...commit, positions: [{ topic: 'config', partition: 0, offset: 0 }] })
        const was = [log.incarnation, log.layout, await log.ends('ticks', 1), await log.writers()]
        const again = await harness.reopen()
        expect([again.incarnation, again.layout, await again.ends('ticks', 1), await again.writers()]).toEqual(was)
        expect(await textsOf(again, 'ticks', 1)).toEqual(['a', 'b'])
        const writer = await again.open('task')
        const saved = await writer.restore()
        expect([text(saved?.progress), text(saved?.state.get('k')), text(saved?.snapshot)]).toEqual(['here', 'v', 's'])
        await writer.commit(wrote('ticks', 1, 'c'))
        expect(await textsOf(again, 'ticks', 1)).toEqual(['a', 'b', 'c'])
      }),
    )
  })

  describe('a log that was closed', () => {
    it(
      'refuses to be used',
      withLog(async log => {
        const writer = await log.open('task')
        const waiting = refuses('closed', log.changed(log.version))
        await log.close()
        await waiting
        await refuses('closed', writer.commit(wrote('ticks', 0, 'a')))
        await refuses('closed', log.read('ticks', 0, 0, { records: 1, bytes: 1 }))
        await refuses('closed', log.open('other'))
        await log.close()
      }),
    )
  })
}
