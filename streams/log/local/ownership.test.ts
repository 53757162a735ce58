import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { commits, textsOf, wrote } from '../conformance.ts'
import { inFolder } from './testing/folder.ts'

const child = join(import.meta.dirname, 'testing/engine.ts')

/** Another process that opens the folder and says `ready` or the error's code and remedy. */
async function anotherEngine(folder: string): Promise<{ readonly process: ChildProcess; readonly said: string }> {
  const engine = spawn(process.execPath, [child, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [said] = (await once(createInterface(engine.stdout), 'line')) as [string]
  return { process: engine, said }
}

async function ended(engine: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  const exit = once(engine, 'exit')
  if (signal) engine.kill(signal)
  else engine.stdin?.end()
  await exit
}

describe('a folder', () => {
  it('that an engine has is refused to a second one, which is told the process', () =>
    inFolder(async (open, folder) => {
      const log = await open()
      await expect(open()).rejects.toMatchObject({ code: 'in-use', where: { folder, pid: process.pid } })
      const other = await anotherEngine(folder)
      expect(JSON.parse(other.said)).toMatchObject({ code: 'in-use', where: { pid: process.pid } })
      await ended(other.process)
      await commits(log, 'feed', wrote('ticks', 0, 'a'))
      await log.close()
      await (await open()).close()
    }))

  it('of another process is free once that ends, also by kill -9, also while somebody waits', () =>
    inFolder(async (open, folder) => {
      for (const signal of [undefined, 'SIGKILL', 'SIGTERM'] as const) {
        const other = await anotherEngine(folder)
        expect(other.said).toBe('ready')
        await expect(open()).rejects.toMatchObject({ code: 'in-use', where: { pid: other.process.pid } })
        const waiting = open({ waitForLockMicros: 30_000_000 })
        await ended(other.process, signal)
        const log = await waiting
        expect(readdirSync(folder).filter(name => name.endsWith('.sock'))).toHaveLength(1)
        await log.close()
        expect(readdirSync(folder).sort()).toEqual(['data.mdb', 'lock.mdb'])
      }
    }))

  it('of a process that was stopped is still its own', () =>
    inFolder(async (open, folder) => {
      const other = await anotherEngine(folder)
      other.process.kill('SIGSTOP')
      await expect(open({ waitForLockMicros: 100_000 })).rejects.toMatchObject({ code: 'in-use' })
      await ended(other.process, 'SIGKILL')
      await open()
    }))

  it('goes to one of many that ask at once', () =>
    inFolder(async open => {
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => open()))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }))

  it('is for its user only', () =>
    inFolder(async (open, folder) => {
      await open()
      const modes = readdirSync(folder).map(name => statSync(join(folder, name)).mode & 0o777)
      expect([statSync(folder).mode & 0o777, ...new Set(modes)]).toEqual([0o700, 0o600])
    }))

  it('with a path too long for a socket works all the same', () =>
    inFolder(async (open, folder) => {
      const deep = join(folder, ...Array.from({ length: 12 }, () => 'a-long-name'))
      const log = await open({ folder: deep })
      await expect(open({ folder: deep })).rejects.toMatchObject({ code: 'in-use' })
      await log.close()
    }))
})

describe('an engine whose socket was taken away', () => {
  it('commits no more once another one has the folder', () =>
    inFolder(async (open, folder) => {
      const other = await anotherEngine(folder)
      for (const name of readdirSync(folder)) if (name.endsWith('.sock')) rmSync(join(folder, name))
      const log = await open()
      await commits(log, 'feed', wrote('ticks', 0, 'a'))
      const refused = once(createInterface(other.process.stdout as NodeJS.ReadableStream), 'line')
      other.process.stdin?.write('commit\n')
      expect(JSON.parse(String(await refused))).toMatchObject({ code: 'fenced' })
      expect(await textsOf(log, 'ticks', 0)).toEqual(['a'])
      await ended(other.process)
      await commits(log, 'feed', wrote('ticks', 0, 'b'))
    }))
})

describe('a log that is opened again', () => {
  it('keeps its layout, whatever is asked for', () =>
    inFolder(async open => {
      await (await open({ layoutIfNew: { partitions: 5, shards: 1 } })).close()
      expect((await open({ layoutIfNew: { partitions: 8, shards: 2 } })).layout).toEqual({ partitions: 5, shards: 1 })
    }))

  it('after it was wiped is a new one', () =>
    inFolder(async (open, folder) => {
      const log = await open()
      await commits(log, 'feed', wrote('ticks', 0, 'a'))
      await log.close()
      rmSync(folder, { recursive: true })
      const again = await open()
      expect(again.incarnation).not.toBe(log.incarnation)
      expect(await again.ends('ticks', 0)).toEqual({ first: 0, next: 0, watermark: 0 })
      expect(await again.writers()).toEqual([])
    }))

  it('may change what a commit survives', () =>
    inFolder(async open => {
      for (const durability of ['process', 'power', 'process'] as const) {
        const log = await open({ durability })
        await commits(log, 'feed', wrote('ticks', 0, durability))
        await log.close()
      }
      expect(await textsOf(await open(), 'ticks', 0)).toEqual(['process', 'power', 'process'])
    }))
})
