import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { readAll, text } from '../conformance.ts'
import type { Durability, LocalLog } from './index.ts'
import { commitOf } from './testing/counting.ts'
import { inFolder } from './testing/folder.ts'

const child = join(import.meta.dirname, 'testing/counting.ts')

/** Lets a process commit, kills it at some moment, and gives the last number that it said was committed. */
async function killedWhileCommitting(folder: string, durability: Durability, millis: number): Promise<number> {
  const engine = spawn(process.execPath, [child, folder, durability], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  engine.stdout.on('data', data => (said += String(data)))
  await once(engine.stdout, 'data')
  await sleep(millis)
  engine.kill('SIGKILL')
  await once(engine, 'close')
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
}

/** Expects the log to hold the commits 1 to some n, whole, and gives n. */
async function expectWhole(log: LocalLog): Promise<number> {
  const saved = await (await log.open('counting')).restore()
  const n = Number(text(saved?.progress))
  const expected: string[][] = [[], [], []]
  const state = new Map<string, string | undefined>()
  let snapshot: string | undefined
  for (let i = 1; i <= n; i++) {
    const commit = commitOf(i)
    for (const { partition, records } of commit.outputs) {
      expected[partition]?.push(...records.map(record => `${record.key} ${text(record.value)}`))
    }
    for (const { key, value } of commit.state) {
      if (value === null) state.delete(key)
      else state.set(key, text(value))
    }
    snapshot = text(commit.snapshot) ?? snapshot
  }
  for (const partition of [0, 1, 2]) {
    const records = await readAll(log, 'ticks', partition, { records: 997, bytes: 1e6 })
    expect(records.map(record => `${record.key} ${text(record.value)}`)).toEqual(expected[partition])
  }
  expect((await log.ends('ticks', 0)).watermark).toBe(n)
  expect(new Map([...(saved?.state ?? [])].map(([key, value]) => [key, text(value)]))).toEqual(state)
  expect(text(saved?.snapshot)).toBe(snapshot)
  expect(await log.writers()).toMatchObject([{ name: 'counting', commits: n }])
  expect((await log.check()).damages).toEqual([])
  return n
}

describe('an engine that is killed while it commits', () => {
  it.each(['process', 'power'] as const)(
    'keeps every commit that it has acknowledged, and no part of another (%s)',
    durability =>
      inFolder(async (open, folder) => {
        let before = 0
        for (const millis of [0, 3, 17, 40, 90]) {
          const acknowledged = await killedWhileCommitting(folder, durability, millis * (0.5 + Math.random()))
          expect(acknowledged).toBeGreaterThan(before)
          const log = await open({ durability })
          const kept = await expectWhole(log)
          // The one that was under way when it was killed may be there too.
          expect([acknowledged, acknowledged + 1]).toContain(kept)
          await log.close()
          before = kept
        }
      }),
  )
})
