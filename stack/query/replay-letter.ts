/** What of a dead letter can be sent again, once what refused it has been mended.
 *
 *  | the letter holds                                  | what is sent                                              |
 *  | an event of an input topic                        | the same data as a new event of its source                |
 *  | a raw message that a feed could not decode        | the tick that its venue's decoder makes of it now         |
 *  | bytes that are no event                           | nothing: there is nothing to send                         |
 *  | an event of a derived topic                       | nothing, or on request the input event that it came from  |
 *  | a wake-up that a stage refused                    | nothing: it belonged to that stage's state                |
 *
 *  D1  What is sent again gets a new identity and stamp; `replayOf` names what it repeats.
 *  D2  Derived topics are written by stages only.
 *  D3  A refusal says why, and what can be done instead. */
import { binanceDecoder, type DecodedTick, DecodeError } from '@tideway/connectors'
import {
  type Event,
  formatIdentity,
  type Identity,
  type InstrumentListed,
  identityOf,
  type Root,
  TIMER_RANK,
  topicNames,
  topics,
} from '@tideway/schemas'
import { type DeadLetter, decodeEvent, WireError } from '@tideway/streams'
import { StackError } from '../errors.ts'
import { eventTopic, type ListedLetter } from './dead-letters.ts'
import { findEvent } from './find.ts'
import { type ReadableLog, readableEvent, recordsOf } from './readable-log.ts'

/** What the edge is asked to append. */
export interface Resend {
  readonly topic: Event['topic']
  readonly type: Event['type']
  readonly key: string
  readonly source: string
  readonly eventTime: number
  readonly data: Event['data']
  readonly replayOf: Identity
}

export interface ResendOptions {
  /** For a letter of a derived topic: send the input event that it came from. */
  readonly input?: boolean
}

/** What sending the letter again means. Throws StackError `refused` where it means nothing (D3). */
export async function resendOf(log: ReadableLog, letter: ListedLetter, options: ResendOptions = {}): Promise<Resend> {
  const topic = eventTopic(letter.topic)
  if (!topic) throw refused(letter, `its topic "${letter.topic}" is no topic of events`, 'See `tideway dlq show`.')
  if (letter.code === 'wake-up-refused') {
    throw refused(
      letter,
      `it is a wake-up of stage ${letter.stage}, which belonged to that stage's state`,
      `Correct the stage and raise its version; what it should have done then has to be asked for anew.`,
    )
  }
  const { cut } = letter.headers
  if (cut !== undefined) {
    throw refused(
      letter,
      `only ${letter.bytes.length} of its ${cut} bytes are kept`,
      'Who wrote it has to send it anew, in a smaller piece.',
    )
  }
  const isDerived = topics[topic].kind === 'derived'
  let event: Event
  try {
    event = decodeEvent(topic, letter.bytes)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    if (isRawMessage(letter, error)) return await decodedAnew(log, letter)
    throw refused(letter, `it still cannot be decoded (${error.message})`, remedyOf(error), error)
  }
  return isDerived ? await inputOf(log, letter, event, options) : again(event)
}

function again(event: Event): Resend {
  const { topic, type, key, source, eventTime, data } = event
  return { topic, type, key, source, eventTime, data, replayOf: identityOf(event) } // D1
}

/** D2 */
async function inputOf(log: ReadableLog, letter: ListedLetter, event: Event, { input }: ResendOptions) {
  const root = identityOfRoot(event.stamp.root)
  const derived = `${letter.topic} is a derived topic: only its stages write to it`
  if (!root) {
    throw refused(
      letter,
      `${derived}, and this event came from a wake-up of a stage`,
      `Correct stage ${letter.stage} and raise its version. Its trigger was ${triggerOf(event)}.`,
    )
  }
  if (!input) {
    throw refused(
      letter,
      derived,
      `Correct stage ${letter.stage} and raise its version; then send the input event that it came from again with --input: ${formatIdentity(root)}.`,
    )
  }
  const found = await findEvent(log, root)
  if ('event' in found) return again(found.event)
  throw new StackError(
    'not-found',
    `${letter.id} came from ${formatIdentity(root)}, which the log no longer has.`,
    'Ask for what it should have done anew, by a command.',
  )
}

function triggerOf(event: Event): string {
  const [trigger] = event.causes
  return trigger ? formatIdentity(trigger) : 'not recorded'
}

/** An input event is its own root, and ranks of input topics are distinct. */
function identityOfRoot({ rank, key, source, seq }: Root): Identity | undefined {
  if (rank === TIMER_RANK) return undefined
  const topic = topicNames.find(name => topics[name].kind === 'input' && topics[name].rank === rank)
  return topic && { topic, key, source, seq }
}

/** A feed sets a message aside as it came, under no frame. */
function isRawMessage(letter: DeadLetter, error: WireError): boolean {
  return letter.topic === 'ticks' && letter.partition === -1 && letter.stage === '' && error.code === 'no-frame'
}

async function decodedAnew(log: ReadableLog, letter: ListedLetter): Promise<Resend> {
  const { key, headers } = letter
  const [venue = ''] = key.split(':')
  const instruments = await listedInstruments(log)
  const listed = instruments.find(each => `${each.venue}:${each.symbol}` === key)
  if (!listed) {
    throw refused(letter, `${key} is not listed on config`, 'List the instrument, then send it again.')
  }
  const raw = Buffer.from(letter.bytes).toString('utf8')
  const receiveTime = Number(headers.receiveTime ?? letter.time)
  let tick: DecodedTick
  try {
    tick = binanceDecoder({ venue, instruments, symbol: listed.venueSymbol })(raw, receiveTime)
  } catch (error) {
    if (error instanceof DecodeError) {
      throw refused(letter, `it still cannot be decoded (${error.message})`, error.remedy, error)
    }
    if (error instanceof RangeError) throw refused(letter, error.message, 'Use a version that knows the venue.', error)
    throw error
  }
  const source = headers.source ?? letter.task
  return { topic: 'ticks', source, ...tick, replayOf: identityOfLetter(letter) }
}

/** A raw message has no identity of its own, so its letter's place stands for it. */
function identityOfLetter({ id, key, task }: ListedLetter): Identity {
  const at = id.lastIndexOf('/')
  return { topic: id.slice(0, at), key, source: task, seq: Number(id.slice(at + 1)) }
}

/** The last listing of each instrument. */
export async function listedInstruments(log: ReadableLog): Promise<InstrumentListed[]> {
  const listed = new Map<string, InstrumentListed>()
  for await (const record of recordsOf(log, 'config', 0)) {
    const event = readableEvent('config', record)
    if (event?.type === 'InstrumentListed') listed.set(event.key, event.data)
  }
  return [...listed.values()]
}

function refused(letter: ListedLetter, why: string, remedy: string, cause?: unknown): StackError {
  return new StackError('refused', `${letter.id} cannot be sent again: ${why}.`, remedy, cause)
}

function remedyOf({ code }: WireError): string {
  return code === 'unknown-schema'
    ? 'Start the engine of the version that wrote it, or a newer one, and send it again.'
    : 'Look at its bytes with `tideway dlq show`: who wrote them has to send them anew.'
}
