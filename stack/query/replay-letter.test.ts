import { type Event, formatIdentity, identityOf, rankOf } from '@tideway/schemas'
import { type DeadLetter, deadLetterOutput, encodeEvent, Feed } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventsIn, simulatedLog } from '../testing/simulated-log.ts'
import { deadLetter, deadLetters, eventOfLetter, type ListedLetter } from './dead-letters.ts'
import { resendOf } from './replay-letter.ts'

const BTC = 'simulated:BTC/USDT'
let log: MemoryLog

beforeAll(async () => {
  log = await simulatedLog(20)
})

async function firstOf(type: Event['type'], topic: Event['topic']): Promise<Event> {
  const found = (await eventsIn(log, topic)).find(({ event }) => event.type === type)
  if (!found) throw new Error(`there is no ${type}`)
  return found.event
}

/** A candle that a trade of a later bar closed. */
async function candleOfTick(): Promise<Event> {
  const found = (await eventsIn(log, 'candles')).find(({ event }) => event.stamp.root.rank === rankOf('ticks'))
  if (!found) throw new Error('every candle was closed by a timer')
  return found.event
}

function letter(changes: Partial<ListedLetter>): ListedLetter {
  const place = { topic: 'ticks', partition: 0, offset: -1, key: BTC, task: 'market-0', stage: 'book' }
  const why = { code: 'refused', error: 'Error: no', time: 1, headers: {}, bytes: new Uint8Array() }
  return { id: 'dlq.ticks/0', ...place, ...why, ...changes }
}
const raw = (text: string): Partial<ListedLetter> => ({
  ...{ partition: -1, stage: '', task: 'capture', code: 'not-json', bytes: Buffer.from(text) },
  headers: { source: 'simulated-btcusdt', line: '7', receiveTime: '1700000000000000' },
})

describe('a dead letter is sent again [REL-06]', () => {
  it('as a new event with the same data that names what it repeats, where it holds an input event', async () => {
    const event = await firstOf('TradePrinted', 'ticks')
    const { topic, type, key, source, eventTime, data } = event
    const sent = await resendOf(log, letter({ bytes: encodeEvent(event) }))
    expect(sent).toEqual({ topic, type, key, source, eventTime, data, replayOf: identityOf(event) })
  })

  it('as the tick that its message is, where a feed could not decode it then', async () => {
    const message =
      '{"e":"trade","E":1700000000001,"s":"BTCUSDT","t":5,"p":"60000.01","q":"0.5","T":1700000000001,"m":true}'
    expect(await resendOf(log, letter(raw(message)))).toEqual({
      ...{ topic: 'ticks', type: 'TradePrinted', key: BTC, source: 'simulated-btcusdt' },
      eventTime: 1_700_000_000_001_000,
      data: { tradeId: 5, priceTicks: 6_000_001, sizeLots: 50_000, aggressor: 'sell' },
      replayOf: { topic: 'dlq.ticks', key: BTC, source: 'capture', seq: 0 },
    })
  })

  it('as the input event that it came from, where it holds a derived one and that was asked for', async () => {
    const candle = await candleOfTick()
    const candles = letter({ topic: 'candles', stage: 'features', bytes: encodeEvent(candle) })
    const { key, source, seq } = candle.stamp.root
    const root = { topic: 'ticks', key, source, seq }
    await expect(resendOf(log, candles)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('candles is a derived topic: only its stages write to it'),
      remedy: expect.stringContaining(formatIdentity(root)),
    })
    expect(await resendOf(log, candles, { input: true })).toMatchObject({ topic: 'ticks', replayOf: root })
  })
})

describe('a dead letter is refused, with what to do instead [REL-06]', () => {
  const candle = (event: Event) =>
    letter({ topic: 'candles', stage: 'features', bytes: encodeEvent({ ...event, stamp: atTimer(event) } as Event) })
  const atTimer = ({ stamp }: Event) => ({ ...stamp, root: { ...stamp.root, rank: 0, source: '011' } })

  it('where it came from a wake-up', async () => {
    const refusal = { code: 'refused', remedy: expect.stringContaining('stage features') }
    const event = await firstOf('CandleClosed', 'candles')
    await expect(resendOf(log, candle(event))).rejects.toMatchObject(refusal)
    await expect(resendOf(log, candle(event), { input: true })).rejects.toMatchObject(refusal)
    const wakeUp = letter({ code: 'wake-up-refused', headers: { tag: 'bar' } })
    await expect(resendOf(log, wakeUp)).rejects.toMatchObject({ message: expect.stringContaining('wake-up of stage') })
  })

  it.each([
    ['it is still no message', raw('{"e":"tra'), 'no JSON'],
    ['its message has a symbol that nobody listed', { ...raw('{}'), key: 'simulated:XRP/USDT' }, 'is not listed'],
    ['its bytes are no event', { partition: 0, bytes: Buffer.from('garbage') }, 'no Confluent frame'],
    ['its schema is not known', { bytes: Buffer.from([0, 0, 9, 9, 9, 1, 2]) }, 'is not known here'],
    ['it was cut', { headers: { cut: '9000000' }, bytes: Buffer.from([0]) }, 'only 1 of its 9000000 bytes'],
    ['its topic holds no events', { topic: 'interleavings' }, 'no topic of events'],
  ] as const)('where %s', async (_, changes, says) => {
    const refusal = { code: 'refused', message: expect.stringContaining(says), remedy: expect.stringMatching(/./) }
    await expect(resendOf(log, letter(changes))).rejects.toMatchObject(refusal)
  })

  it('where its input event is gone', async () => {
    const event = await candleOfTick()
    const root = { ...event.stamp.root, seq: 1e9 }
    const bytes = encodeEvent({ ...event, stamp: { ...event.stamp, root } } as Event)
    const asked = resendOf(log, letter({ topic: 'candles', stage: 'features', bytes }), { input: true })
    await expect(asked).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('dead letters', () => {
  it('are listed by topic and place, and shown one by one', async () => {
    const small = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const feed = await Feed.open('feed', small, ['config'])
    const event = await firstOf('TradePrinted', 'ticks')
    const texts: readonly DeadLetter[] = [
      letter({ bytes: encodeEvent(event) }),
      letter(raw('{"e":"tra')),
      letter({ topic: 'commands', key: 'alder' }),
    ].map(({ id: _, ...plain }) => plain)
    for (const each of texts) feed.appendOutput(deadLetterOutput(each, 1 << 20))
    await feed.commit()

    const ids = []
    for await (const { id } of deadLetters(small)) ids.push(id)
    expect(ids).toEqual(['dlq.commands/0', 'dlq.ticks/0', 'dlq.ticks/1'])
    const ticks = []
    for await (const { id } of deadLetters(small, 'ticks')) ticks.push(id)
    expect(ticks).toEqual(['dlq.ticks/0', 'dlq.ticks/1'])

    expect(eventOfLetter(await deadLetter(small, 'dlq.ticks/0'))).toMatchObject({
      type: 'TradePrinted',
      seq: event.seq,
    })
    expect(eventOfLetter(await deadLetter(small, 'dlq.ticks/1'))).toBeUndefined()
    await expect(deadLetter(small, 'dlq.ticks/2')).rejects.toMatchObject({ code: 'not-found' })
    await expect(deadLetter(small, 'ticks/0')).rejects.toMatchObject({ code: 'refused' })
  })
})
