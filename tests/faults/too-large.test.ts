/** Records over the size limit of the log: refused where they come in, an event's refusal where a stage makes them. */
import type { TopicName, Turn } from '@tideway/schemas'
import { type DeadLetter, Feed, isLogError, type Log } from '@tideway/streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import type { Fingerprint } from '../acceptance/testing/fingerprint.ts'
import { emitting, withStage } from './testing/broken-stage.ts'
import { lettersOf, openLog, replayed, replayedUntil, vandal } from './testing/chain.ts'

const { folder, discard } = scratch('too-large')
let captures: string[] = []

beforeAll(async () => {
  captures = await recordSimulated(folder, 30)
})
afterAll(discard)

describe('a message that the log would not take', () => {
  /** Bytes: less than a snapshot of the book has, more than anything else. */
  const MOST = 550

  it('is set aside by its feed, cut to what fits, and the rest goes on, after a restart too', async () => {
    const found: Fingerprint[] = []
    for (const stop of [undefined, 1_000]) {
      const log = await openLog(`${folder}/feed-${stop}`, { maxRecordBytes: MOST })
      if (stop) await replayedUntil(stop, { log, captures })
      found.push(await replayed({ log, captures }))
      const letters = await lettersOf(log)
      expect(letters.length).toBeGreaterThan(0)
      for (const letter of letters) {
        expect(letter).toMatchObject({ code: 'record-too-large', task: 'capture', stage: '' })
        expect(letter.error).toMatch(/A record of \d+ bytes for "ticks" is larger than 550/)
        expect(letter.bytes).toHaveLength(MOST)
        expect(Number(letter.headers.cut)).toBeGreaterThan(MOST)
      }
      expect(found.at(-1)?.damaged).toBe(letters.length)
      await log.close()
    }
    expect(found[1]).toEqual(found[0])
    expect(found[0]?.topics.books?.count).toBeGreaterThan(0)
  })

  it('leaves the feed as it was: the next one has its number', async () => {
    const log = await openLog(`${folder}/numbers`, { maxRecordBytes: MOST })
    const feed = await Feed.open('feed', log, ['commands'])
    const halt = (reason: string) =>
      feed.append({
        ...{ topic: 'commands', type: 'HaltTrading', key: '*', source: 'desk', eventTime: 1, receiveTime: 1 },
        data: { reason },
      } as const)
    expect(halt('first').seq).toBe(0)
    expect(() => halt('x'.repeat(2_000))).toThrow(expect.objectContaining({ code: 'record-too-large' }))
    expect(halt('second').seq).toBe(1)
    await feed.commit()
    expect((await log.ends('commands', 0)).next).toBe(2)
    await log.close()
  })
})

describe('poison as large as a record may be', () => {
  it('is set aside whole; what is larger is refused to whoever writes it', async () => {
    const log = await openLog(`${folder}/poison`, { maxRecordBytes: 20_000 })
    const largest = Buffer.alloc(20_000, 'x')
    await vandal(log, 'ticks', 0, [largest])
    const refused = await vandal(log, 'ticks', 0, [Buffer.alloc(20_001, 'x')]).catch((error: unknown) => error)
    expect(isLogError(refused, 'record-too-large')).toBe(true)
    await replayed({ log, captures })
    const letters = await lettersOf(log)
    expect(letters.map(({ task }) => task).sort()).toEqual(['market-0', 'trading-0', 'trading-1'])
    for (const { bytes } of letters) expect(Buffer.from(bytes).equals(largest)).toBe(true)
    await log.close()
  })
})

/** Some of a stage's emissions, told by what they were made from, so that it is the same ones after every restart. */
const isChosen = ({ trigger }: Turn<unknown>) => trigger.seq % 7 === 3

const makers = [
  ['features', 'features', { values: new Array<number>(10_000).fill(1) }],
  ['strategy', 'signals', { reason: 'x'.repeat(60_000) }],
] as const

describe.each(makers)('an output of %s that the log would not take', (name, written, excess) => {
  const maxRecordBytes = 50_000
  const tooLarge = withStage(name, stage =>
    emitting(stage, (turn, topic, type, data, options) => {
      const made = topic === written && isChosen(turn) ? { ...(data as object), ...excess } : data
      return turn.emit(topic, type, made as never, options)
    }),
  )
  const throwing = withStage(name, stage =>
    emitting(stage, (turn, topic, type, data, options) => {
      if (topic === written && isChosen(turn)) throw new Error('not this one')
      return turn.emit(topic, type, data as never, options)
    }),
  )

  it('is the refusal of the event that it was made from, as if the stage had thrown', async () => {
    const log = await openLog(`${folder}/${name}-output`, { maxRecordBytes })
    const other = await openLog(`${folder}/${name}-throwing`, { maxRecordBytes })
    const found = await replayed({ log, captures, exchange: tooLarge })
    expect(found).toEqual(await replayed({ log: other, captures, exchange: throwing }))
    expect(found.topics[written]?.count).toBeGreaterThan(0)
    const letters = await allLetters(log, found)
    expect(letters.length).toBeGreaterThan(0)
    for (const { stage, error } of letters) {
      expect(stage).toBe(name)
      expect(error).toMatch(/LogError: A record of \d+ bytes for "\w+" is larger than 50000/)
    }
    await log.close()
    await other.close()
  })

  it('is the same refusal after restarts', async () => {
    const log = await openLog(`${folder}/${name}-restarts`, { maxRecordBytes })
    const undisturbed = await openLog(`${folder}/${name}-undisturbed`, { maxRecordBytes })
    const tasks = { maxEvents: 100, snapshotEvery: 700 }
    for (const stop of [400, 1_600, 2_200, 3_000])
      await replayedUntil(stop, { log, captures, tasks, exchange: tooLarge })
    const found = await replayed({ log, captures, tasks, exchange: tooLarge })
    expect(found).toEqual(await replayed({ log: undisturbed, captures, exchange: tooLarge }))
    await log.close()
    await undisturbed.close()
  })
})

async function allLetters(log: Log, { topics }: Fingerprint): Promise<DeadLetter[]> {
  const names = Object.keys(topics).filter(name => name.startsWith('dlq.')) as TopicName[]
  return (await Promise.all(names.map(name => lettersOf(log, name)))).flat()
}
