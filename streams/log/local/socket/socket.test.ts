import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { aCommit, aRecord, bytes, commits, everything, text, textsOf, wrote } from '../../conformance.ts'
import { LogError } from '../../errors.ts'
import { connectLog, type LocalLog, type OnAppend, type RemoteLog, serveLog } from '../index.ts'
import { engineOf, socketPath } from '../ownership.ts'
import { inFolder } from '../testing/folder.ts'
import { encodeFrame, FrameReader } from './frame.ts'

/** Writes `type data bytes` under the key into the topic's first partition. */
const appending =
  (log: LocalLog): OnAppend =>
  async ({ topic, key, type, data, bytes }) => {
    if (topic !== 'commands' && topic !== 'config') {
      throw new LogError('refused', `Nobody appends to "${topic}".`, 'Use commands or config.', { topic })
    }
    if (type === 'Unknown') throw new TypeError('There is no event Unknown.')
    const value = `${type} ${JSON.stringify(data)} ${text(bytes) ?? '-'}`
    const writer = await log.open('appending')
    await writer.commit(aCommit({ outputs: [{ topic, partition: 0, records: [aRecord(value, key)] }] }))
    return { identity: { topic, key, source: 'cli', seq: 0 } }
  }

interface Served {
  readonly log: LocalLog
  readonly remote: RemoteLog
  readonly folder: string
  readonly another: () => Promise<RemoteLog>
}

const served = (body: (parts: Served) => Promise<void>) =>
  inFolder(async (open, folder) => {
    const log = await open()
    const server = serveLog(log, appending(log))
    const remotes: RemoteLog[] = []
    const another = async () => {
      const remote = await connectLog(folder)
      if (remote === undefined) throw new Error('No engine answers.')
      remotes.push(remote)
      return remote
    }
    try {
      await body({ log, remote: await another(), folder, another })
    } finally {
      for (const remote of remotes) await remote.close()
      server.close()
    }
  })

/** A connection that says what it likes, and all that it is told before it is hung up. */
async function rudely(folder: string, say: (socket: Socket) => void): Promise<unknown[]> {
  const socket = connect(socketPath(folder, engineOf(folder)?.socket ?? ''))
  const reader = new FrameReader()
  const told: unknown[] = []
  socket.on('data', chunk => {
    for (const { header } of reader.push(chunk)) told.push(header)
  })
  socket.on('error', () => {})
  say(socket)
  await once(socket, 'close')
  return told
}

describe('a log seen from another process', () => {
  it('is the same log: incarnation, layout, ends, records, writers', () =>
    served(async ({ log, remote }) => {
      const watermarks = [{ topic: 'ticks' as const, partition: 1, source: 'binance', time: 7 }]
      await commits(log, 'feed', { ...wrote('ticks', 1, 'a', '', 'c'), watermarks, positions: [] })
      expect([remote.kind, remote.incarnation, remote.layout]).toEqual([log.kind, log.incarnation, log.layout])
      expect(await remote.ends('ticks', 1)).toEqual(await log.ends('ticks', 1))
      expect(await remote.writers()).toEqual(await log.writers())
      const plain = ({ offset, key, value }: { offset: number; key: string; value: Uint8Array }) => [
        offset,
        key,
        text(value),
      ]
      const [here, there] = [await log.read('ticks', 1, 1, everything), await remote.read('ticks', 1, 1, everything)]
      expect(there.records.map(plain)).toEqual(here.records.map(plain))
      expect([there.nextOffset, there.watermark]).toEqual([3, 7])
      expect((await remote.read('ticks', 1, 3, everything)).records).toEqual([])
    }))

  it('is read in as many answers as it takes', () =>
    served(async ({ log, remote }) => {
      const writer = await log.open('feed')
      const values = Array.from({ length: 25_000 }, (_, i) => `${i}`)
      await writer.commit(wrote('ticks', 0, ...values))
      await writer.commit(wrote('ticks', 0, 'x'.repeat(7_000_000), 'y'))
      expect(await textsOf(remote, 'ticks', 0)).toEqual([...values, 'x'.repeat(7_000_000), 'y'])
    }))

  it('gives the errors of the log, and goes on', () =>
    served(async ({ remote }) => {
      const missing = { code: 'out-of-range', where: { topic: 'ticks', from: 5, next: 0 } }
      await expect(remote.read('ticks', 0, 5, everything)).rejects.toMatchObject(missing)
      await expect(remote.ends('ticks', 9)).rejects.toMatchObject({ code: 'not-found' })
      await expect(remote.ends(7 as unknown as 'ticks', 0)).rejects.toMatchObject({ code: 'not-found' })
      expect(await remote.ends('ticks', 0)).toEqual({ first: 0, next: 0, watermark: 0 })
    }))

  it('wakes those who wait with each commit of the engine', () =>
    served(async ({ log, remote, another }) => {
      const writer = await log.open('feed')
      const other = await another()
      let from = 0
      for (let i = 0; i < 5; i++) {
        const { version } = remote
        const waiting = Promise.all([remote.changed(version), other.changed(other.version)])
        await writer.commit(wrote('ticks', 0, String(i)))
        await waiting
        const batch = await remote.read('ticks', 0, from, everything)
        expect(batch.records.map(record => text(record.value))).toEqual([String(i)])
        from = batch.nextOffset
      }
      const stop = new AbortController()
      const waiting = remote.changed(log.version, stop.signal)
      stop.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
    }))
})

describe('appending from another process', () => {
  it('asks the engine, which stamps, commits and answers', () =>
    served(async ({ log, remote }) => {
      const request = { topic: 'commands', key: 'p1', type: 'HaltTrading', data: { reason: 'ü' } }
      const identity = { topic: 'commands', key: 'p1', source: 'cli', seq: 0 }
      expect(await remote.append(request)).toEqual({ identity })
      await remote.append({ topic: 'config', key: 'c', type: 'Set', data: null, bytes: bytes('raw') })
      expect(await textsOf(log, 'commands', 0)).toEqual(['HaltTrading {"reason":"ü"} -'])
      expect(await textsOf(log, 'config', 0)).toEqual(['Set null raw'])
    }))

  it('is told why it was refused, and the connection goes on', () =>
    served(async ({ log, remote }) => {
      const request = { topic: 'ticks', key: 'k', type: 'TradePrinted', data: {} }
      await expect(remote.append(request)).rejects.toMatchObject({ code: 'refused', where: { topic: 'ticks' } })
      const unknown = remote.append({ ...request, topic: 'commands', type: 'Unknown' })
      await expect(unknown).rejects.toMatchObject({ code: 'refused', message: 'There is no event Unknown.' })
      await expect(remote.append({ ...request, key: 5 as unknown as string })).rejects.toMatchObject({
        code: 'refused',
      })
      await remote.append({ ...request, topic: 'commands' })
      expect(await textsOf(log, 'commands', 0)).toHaveLength(1)
    }))

  it('by many at once loses nothing', () =>
    served(async ({ log, another }) => {
      const remotes = await Promise.all(Array.from({ length: 8 }, another))
      await Promise.all(
        remotes.flatMap((remote, i) =>
          [0, 1, 2, 3].map(j => remote.append({ topic: 'commands', key: 'k', type: 'T', data: `${i}.${j}` })),
        ),
      )
      expect(new Set(await textsOf(log, 'commands', 0)).size).toBe(32)
    }))
})

describe('a connection', () => {
  it('that does not speak the protocol is told so and ended', () =>
    served(async ({ folder, remote }) => {
      const refused = [{ error: expect.objectContaining({ code: 'refused' }) }]
      expect(await rudely(folder, socket => socket.write('GET / HTTP/1.1\r\n\r\n'))).toEqual(refused)
      expect(await rudely(folder, socket => socket.write(Buffer.alloc(100, 0xff)))).toEqual(refused)
      expect(await rudely(folder, socket => socket.write(encodeFrame({ id: 1, request: 'ends' })))).toEqual(refused)
      expect(await rudely(folder, socket => socket.write(encodeFrame({ request: 'hello' })))).toEqual(refused)
      expect(await remote.writers()).toEqual([])
    }))

  it('of another version is told which one the engine speaks', () =>
    served(async ({ folder }) => {
      const told = await rudely(folder, socket => socket.end(encodeFrame({ id: 1, request: 'hello', protocol: 9 })))
      expect(told).toEqual([{ id: 1, error: expect.objectContaining({ code: 'refused' }) }])
    }))

  it('whose engine does not answer in time is given up', () =>
    inFolder(async (open, folder) => {
      const server = serveLog(await open(), () => new Promise(() => {}))
      const remote = await connectLog(folder, { answerMicros: 100_000 })
      const appended = remote?.append({ topic: 'commands', key: 'k', type: 'T', data: 1 })
      await expect(appended).rejects.toMatchObject({ code: 'unknown-outcome' })
      await expect(remote?.writers()).rejects.toMatchObject({ code: 'unavailable' })
      server.close()
    }))

  it('that breaks off in the middle of a message harms nobody', () =>
    served(async ({ folder, remote }) => {
      const half = encodeFrame({ id: 1, request: 'hello', protocol: 1 }).subarray(0, 20)
      expect(await rudely(folder, socket => socket.end(half))).toEqual([])
      await rudely(folder, socket => socket.on('connect', () => socket.destroy()))
      expect(await remote.writers()).toEqual([])
    }))

  it('ends with the engine: waits are unavailable, an append that was sent is of unknown outcome', () =>
    inFolder(async (open, folder) => {
      const log = await open()
      let arrived = () => {}
      const received = new Promise<void>(resolve => {
        arrived = resolve
      })
      serveLog(log, () => {
        arrived()
        return new Promise(() => {})
      })
      const remote = await connectLog(folder)
      const waiting = remote?.changed(remote.version)
      const appended = remote?.append({ topic: 'commands', key: 'k', type: 'T', data: 1 })
      const outcomes = Promise.allSettled([waiting, appended])
      await received
      await log.close()
      expect(await outcomes).toMatchObject([
        { reason: { code: 'unavailable' } },
        { reason: { code: 'unknown-outcome' } },
      ])
      await expect(remote?.ends('ticks', 0)).rejects.toMatchObject({ code: 'unavailable' })
    }))

  it('is not to be had where no engine runs, or none is left', () =>
    inFolder(async (open, folder) => {
      expect(await connectLog(folder)).toBeUndefined()
      const log = await open()
      await expect(connectLog(folder)).rejects.toMatchObject({ code: 'unavailable' }) // not serving yet
      await log.close()
      expect(await connectLog(folder)).toBeUndefined()
      const engine = spawn(process.execPath, [join(import.meta.dirname, '../testing/engine.ts'), folder])
      await once(createInterface(engine.stdout), 'line')
      engine.kill('SIGKILL')
      await once(engine, 'exit')
      expect(await connectLog(folder)).toBeUndefined()
    }))
})
