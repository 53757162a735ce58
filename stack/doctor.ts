/** Whether this machine and this log are well: one check a question, each with what to do where the answer is no.
 *
 *  D1  Nothing is changed: a log that an engine runs on is looked at through the engine, one that nobody has is opened and
 *      closed again. Only `repair` gives damaged records up, and only where it was asked for.
 *  D2  A check that cannot be made says so; it is no finding. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, resolve } from 'node:path'
import { isLogError } from '@tideway/streams'
import type { Damage, LocalLog } from '@tideway/streams/log/local'
import { hasLog } from './embedded/local-log.ts'
import { type OpenLog, openLog } from './embedded/open-log.ts'
import { StackError } from './errors.ts'
import { logState } from './query/topics.ts'
import { type Settings, settingsFrom } from './settings/settings.ts'

export interface Check {
  readonly name: string
  /** `note`: worth knowing, nothing wrong. */
  readonly result: 'ok' | 'note' | 'finding'
  readonly says: string
  /** Of a finding: what to do. */
  readonly remedy?: string
}

const GIGABYTE = 1e9
const DISK_LEAST = 0.2 * GIGABYTE
const DISK_GOOD = 2 * GIGABYTE

const ok = (name: string, says: string): Check => ({ name, result: 'ok', says })
const note = (name: string, says: string): Check => ({ name, result: 'note', says })
const finding = (name: string, says: string, remedy: string): Check => ({ name, result: 'finding', says, remedy })

/** Every check, in the order in which things depend on each other. `home` replaces the setting. */
export async function examine(home?: string): Promise<Check[]> {
  const checks = [nodeVersion(process.versions.node)]
  let settings: Settings
  try {
    settings = { ...settingsFrom(), ...(home === undefined ? {} : { TIDEWAY_HOME: home }) }
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    return [...checks, finding('settings', says, 'Correct them in the environment or in .env.')]
  }
  checks.push(ok('settings', `all valid; the folder is ${resolve(settings.TIDEWAY_HOME)}`), await engineOfLog())
  checks.push(folder(settings), disk(settings))
  return [...checks, ...(await logChecks(settings))]
}

export function nodeVersion(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 22 && minor >= 18) return ok('node', `Node.js ${version}`)
  return finding(
    'node',
    `Node.js ${version}; everything here runs on 22.18 or a later 22`,
    'Run `npm ci`, and start through `npm start`, `npm run tideway --` or cli/bin/tideway.',
  )
}

/** The native part of the local log may be missing for this machine. */
async function engineOfLog(): Promise<Check> {
  try {
    await import('@tideway/streams/log/local')
    return ok('engine of the log', 'LMDB can be loaded')
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    return finding('engine of the log', says, 'Run `npm ci` again on this machine, with its own architecture.')
  }
}

function folder({ TIDEWAY_HOME: home }: Settings): Check {
  let place = resolve(home)
  while (!existsSync(place)) place = dirname(place)
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return finding('folder', `${place} cannot be written`, 'Change its owner or mode, or name another with --home.')
  }
  return place === resolve(home) ? ok('folder', `${home} can be written`) : note('folder', `${home} is not there yet`)
}

function disk({ TIDEWAY_HOME: home }: Settings): Check {
  let place = resolve(home)
  while (!existsSync(place)) place = dirname(place)
  const { bavail, bsize } = statfsSync(place)
  const free = bavail * bsize
  const says = `${(free / GIGABYTE).toFixed(1)} GB free`
  if (free < DISK_LEAST) return finding('disk', says, 'Make room: the log stops taking commits when it is full.')
  return free < DISK_GOOD ? note('disk', `${says}, which is little`) : ok('disk', says)
}

async function logChecks(settings: Settings): Promise<Check[]> {
  if (!hasLog(settings.TIDEWAY_HOME)) {
    return [note('log', 'there is none yet'), await port(settings, false)]
  }
  let opened: OpenLog
  try {
    opened = await openLog(settings)
  } catch (error) {
    return [brokenLog(error), await port(settings, false)]
  }
  try {
    const runs = opened.engine !== undefined
    return [
      runs ? ok('owner', 'an engine runs and answers') : ok('owner', 'nobody has the log'),
      layout(opened, settings),
      await damage(opened.folder),
      ...losses(opened.folder),
      await deadLetters(opened),
      await port(settings, runs),
    ]
  } finally {
    await opened.close()
  }
}

function brokenLog(error: unknown): Check {
  if (isLogError(error) || error instanceof StackError) {
    const name = isLogError(error, 'in-use') || isLogError(error, 'unavailable') ? 'owner' : 'log'
    return finding(name, error.message, error.remedy)
  }
  throw error
}

function layout({ log }: OpenLog, { TIDEWAY_PARTITIONS: partitions, TIDEWAY_SHARDS: shards }: Settings): Check {
  const is = `${log.layout.partitions} partitions, ${log.layout.shards} shards`
  if (log.layout.partitions === partitions && log.layout.shards === shards) return ok('layout', is)
  return note('layout', `the log has ${is}, which stays; the settings say ${partitions} and ${shards}`)
}

async function damage(log: LocalLog | undefined): Promise<Check> {
  if (!log) return note('damage', 'not looked for while an engine runs; stop it to have every byte checked')
  const { records, bytes, damages } = await log.check()
  if (damages.length === 0) return ok('damage', `none in ${records} records, ${(bytes / 1e6).toFixed(1)} MB`)
  return finding(
    'damage',
    damages.map(damageText).join('; '),
    'Restore the folder from a backup; or give the damaged records up with `tideway doctor --repair`.',
  )
}

export function damageText(damage: Damage): string {
  switch (damage.what) {
    case 'records':
      return `records ${damage.from} to ${damage.to - 1} of ${damage.topic} ${damage.partition} are damaged or missing`
    case 'partition':
      return `what is known of ${damage.topic} ${damage.partition} is damaged`
    default:
      return `what writer ${damage.writer} saved is damaged: ${damage.row}`
  }
}

function losses(log: LocalLog | undefined): Check[] {
  return (log?.losses() ?? []).map(({ topic, partition, from, to }) =>
    note('losses', `records ${from} to ${to - 1} of ${topic} ${partition} were given up by a repair`),
  )
}

async function deadLetters({ log }: OpenLog): Promise<Check> {
  const { topics } = await logState(log)
  const full = topics.filter(({ topic, count }) => topic.startsWith('dlq.') && count > 0)
  if (full.length === 0) return ok('dead letters', 'none')
  return note(
    'dead letters',
    `${full.map(({ topic, count }) => `${topic} ${count}`).join(', ')}; see \`tideway dlq list\``,
  )
}

/** Taken by our own engine is as it should be. */
async function port({ TIDEWAY_HTTP_PORT: number }: Settings, engineRuns: boolean): Promise<Check> {
  if (number === 0) return ok('port', 'any free one')
  const isTaken = await answers(number)
  if (!isTaken) return ok('port', `${number} is free`)
  if (engineRuns) return ok('port', `${number} answers`)
  return note('port', `${number} is taken; metrics would be at another, or set TIDEWAY_HTTP_PORT`)
}

function answers(number: number): Promise<boolean> {
  return new Promise(done => {
    const socket = connect({ port: number, host: '127.0.0.1', timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      done(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

/** Gives up the records that `examine` calls damaged; says which. Throws StackError `in-use` while an engine runs. */
export async function repair(settings: Settings): Promise<readonly string[]> {
  const opened = await openLog(settings)
  try {
    if (!opened.folder) {
      throw new StackError('in-use', `An engine runs on ${settings.TIDEWAY_HOME}.`, 'Stop it first, then repair.')
    }
    return (await opened.folder.repair()).map(damageText)
  } finally {
    await opened.close()
  }
}
