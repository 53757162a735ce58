/** A stage's refusal of one event or wake-up, with the name under which a second run leaves it out. */
import { type Event, formatIdentity, identityOf } from '@tideway/schemas'
import type { Timer } from './timers.ts'

export class StageRefusal extends Error {
  override readonly name = 'StageRefusal'
  readonly stage: string
  readonly refusal: string
  readonly subject: Event | Timer

  constructor(stage: string, subject: Event | Timer, cause: unknown, key = subject.key) {
    const what = isTimer(subject)
      ? `its wake-up "${subject.tag}" of ${subject.key}`
      : formatIdentity(identityOf(subject))
    super(`stage ${stage} refused ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.stage = stage
    this.subject = subject
    this.refusal = isTimer(subject) ? refusalOfTimer(stage, subject) : refusalOfEvent(stage, key, subject)
  }
}

export function isTimer(subject: Event | Timer): subject is Timer {
  return 'tag' in subject
}

/** The refusal belongs to the key that folded: one event may go to several portfolios. */
export function refusalOfEvent(stage: string, key: string, event: Event): string {
  return `${stage}|${key}|${formatIdentity(identityOf(event))}`
}

export function refusalOfTimer(stage: string, timer: Timer): string {
  const { time, key, source, seq } = timer.root
  return `${stage}|timer|${time}|${key}|${source}|${seq}`
}
