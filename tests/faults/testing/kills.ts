/** A replay that is killed again and again and started again each time, until it ends.
 *
 *  K1  Moments are drawn from a seed: most after a drawn number of messages and some milliseconds, some while the process
 *      starts, opens the log and restores. What the machine does in those milliseconds cannot be repeated.
 *  K2  Nothing is done between a kill and the next start: no file is removed, no lock is lifted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SeededRandom, seededRandom } from '@tideway/domain'
import type { Durability } from '@tideway/streams/log/local'
import type { Fingerprint } from '../../acceptance/testing/fingerprint.ts'

export const replayChild = new URL('../replay-child.ts', import.meta.url).pathname

const WORK_MILLIS_MOST = 40

export interface KillPlan {
  readonly folder: string
  readonly captures: readonly string[]
  /** Messages of the captures. */
  readonly messages: number
  readonly chunk: number
  readonly durability: Durability
  readonly kills: number
  readonly seed: number
  readonly onKill?: (moment: string) => void
}

export interface KillReport {
  /** What the last process said of the whole replay. */
  readonly fingerprint: Fingerprint
  /** Kills that met a process at work, and those that met one that was starting. */
  readonly atWork: number
  readonly starting: number
}

interface Moment {
  /** Messages after which the process is killed; undefined while it starts. */
  readonly after: number | undefined
  /** From 0 to 1: of the time that a start takes, or of the milliseconds at work. */
  readonly share: number
}

/** Throws where a process ends by itself before the replay is done. */
export async function replayWithKills(plan: KillPlan): Promise<KillReport> {
  const chance = seededRandom(`kills/${plan.seed}`)
  let atWork = 0
  let starting = 0
  let startMillis = 0
  for (const moment of momentsOf(plan, chance)) {
    const { messages, started } = await killedAt(plan, moment, startMillis)
    startMillis = started ?? startMillis
    if (messages === undefined) starting++
    else atWork++
    plan.onKill?.(messages === undefined ? 'while starting' : `after ${messages} messages`)
  }
  return { fingerprint: await undisturbed(plan), atWork, starting }
}

/** In the order of messages; every fourth while starting (K1). */
function momentsOf({ kills, messages }: KillPlan, chance: SeededRandom): Moment[] {
  const afters = Array.from({ length: kills }, () => chance.below(Math.floor(messages * 0.95))).sort((a, b) => a - b)
  return afters.map((after, at) => ({ after: at % 4 === 1 ? undefined : after, share: chance.next() }))
}

/** Starts the replay and kills it; gives the messages that it last told of and how long it took to the first, if any. */
async function killedAt(plan: KillPlan, { after, share }: Moment, startMillis: number) {
  const child = start(plan)
  const began = Date.now()
  let messages: number | undefined
  let started: number | undefined
  const reached = new Promise<void>(resolve => {
    if (after === undefined) resolve()
    child.onLine(line => {
      if (!/^\d+$/.test(line)) return
      messages = Number(line)
      started ??= Date.now() - began
      if (after !== undefined && messages >= after) resolve()
    })
  })
  await Promise.race([reached, child.ended])
  await sleep(share * (after === undefined ? startMillis : WORK_MILLIS_MOST))
  child.process.kill('SIGKILL')
  const { code, signal } = await child.ended
  if (signal !== 'SIGKILL') throw new Error(`the replay ended by itself with code ${code}: ${child.complaints()}`)
  return { messages, started }
}

async function undisturbed(plan: KillPlan): Promise<Fingerprint> {
  const child = start(plan)
  let found: Fingerprint | undefined
  child.onLine(line => {
    if (!line.startsWith('done ')) return
    found = JSON.parse(line.slice('done '.length)) as Fingerprint
    child.process.stdin?.end()
  })
  const { code } = await child.ended
  if (!found || code !== 0) throw new Error(`the replay ended with code ${code}: ${child.complaints()}`)
  return found
}

export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  onLine(take: (line: string) => void): void
  /** What it wrote to its error output. */
  complaints(): string
}

export function start({ folder, chunk, durability, captures }: Omit<KillPlan, 'kills' | 'seed' | 'messages'>): Child {
  const child = spawn(process.execPath, [replayChild, folder, String(chunk), durability, ...captures])
  const lines = createInterface(child.stdout)
  let complaints = ''
  child.stderr.on('data', data => {
    complaints += String(data)
  })
  const ended = new Promise<Awaited<Child['ended']>>(resolve =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  return { process: child, ended, onLine: take => lines.on('line', take), complaints: () => complaints }
}
