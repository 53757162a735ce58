import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@tideway/resilience/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Check, examine, nodeVersion, repair } from './doctor.ts'
import { hasLog, logFolderOf, openLocalLog } from './embedded/local-log.ts'
import { Edge } from './engine/edge.ts'
import { type Settings, settingsFrom } from './settings/settings.ts'

let home: string
let settings: Settings
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tideway-doctor-'))
  settings = { ...settingsFrom({}), TIDEWAY_HOME: home }
})
afterEach(() => rmSync(home, { recursive: true }))

const named = (checks: readonly Check[], name: string) => checks.find(check => check.name === name)

/** A log of a second of the simulated market. */
async function makeLog(): Promise<void> {
  const log = await openLocalLog(settings)
  const clock = new VirtualClock(1_700_000_000_000_000)
  const edge = await Edge.open({ log, clock, seed: 1 })
  await clock.advance(1_000_000)
  await edge.advance()
  await edge.close()
  await log.close()
}

/** Turns one byte over, somewhere in a record that names this. */
function damage(text: string): void {
  const file = join(logFolderOf(home), 'data.mdb')
  const bytes = readFileSync(file)
  const at = bytes.indexOf(text)
  if (at < 0) throw new Error(`the log does not hold ${text}`)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

describe('the doctor', () => {
  it('finds nothing where there is no log, and makes none', async () => {
    const checks = await examine(home)
    expect(checks.filter(({ result }) => result === 'finding')).toEqual([])
    expect(named(checks, 'log')).toMatchObject({ result: 'note' })
    expect(hasLog(home)).toBe(false)
  })

  it('finds a sound log sound, and leaves it free', async () => {
    await makeLog()
    const checks = await examine(home)
    expect(checks.filter(({ result }) => result === 'finding')).toEqual([])
    expect(named(checks, 'damage')?.says).toMatch(/^none in [1-9]\d* records/)
    const log = await openLocalLog(settings)
    await log.close()
  })

  it('names damaged records, and after a repair what was lost', async () => {
    await makeLog()
    damage('simulated-btcusdt')
    const before = named(await examine(home), 'damage')
    expect(before).toMatchObject({ result: 'finding', remedy: expect.stringContaining('--repair') })
    expect(before?.says).toMatch(/^records \d+ to \d+ of ticks \d are damaged or missing$/)

    expect(await repair(settings)).toEqual([before?.says])
    const after = await examine(home)
    expect(named(after, 'damage')).toMatchObject({ result: 'ok' })
    expect(named(after, 'losses')?.says).toMatch(/of ticks \d were given up by a repair$/)
  })

  it('notes a layout that the settings do not have', async () => {
    const log = await openLocalLog({ ...settings, TIDEWAY_PARTITIONS: 7 })
    await log.close()
    expect(named(await examine(home), 'layout')).toMatchObject({
      result: 'note',
      says: 'the log has 7 partitions, 2 shards, which stays; the settings say 4 and 2',
    })
  })

  it.each([
    ['22.18.0', 'ok'],
    ['22.23.3', 'ok'],
    ['22.17.9', 'finding'],
    ['20.19.0', 'finding'],
    ['24.0.0', 'finding'],
  ])('judges Node.js %s as %s', (version, result) => expect(nodeVersion(version)).toMatchObject({ result }))
})
