import { setImmediate } from 'node:timers/promises'
import { VirtualClock } from '@tideway/resilience/testing'
import { type EventTopic, identityOf } from '@tideway/schemas'
import { deadLetterOutput, encodeEvent, Feed, type Log, type Writer } from '@tideway/streams'
import type { AppendRequest, OnAppend } from '@tideway/streams/log/local'
import { MemoryLog } from '@tideway/streams/log/memory'
import { beforeEach, describe, expect, it } from 'vitest'
import { Edge } from '../engine/edge.ts'
import { eventsIn } from '../testing/simulated-log.ts'
import { requestHandler } from './requests.ts'

const START = 1_700_000_000_000_000
const BTC = 'simulated:BTC/USDT'
let log: MemoryLog
let clock: VirtualClock
let edge: Edge
let ask: OnAppend

beforeEach(async () => {
  log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
  clock = new VirtualClock(START)
  edge = await Edge.open({ log, clock, seed: 1 })
  ask = requestHandler(log, () => edge)
})

const command = (type: string, key: string, data: unknown): AppendRequest => ({ topic: 'commands', type, key, data })
const events = async (topic: EventTopic, from = log) => (await eventsIn(from, topic)).map(({ event }) => event)
const order = (changes: object) => ({
  ...{ symbol: BTC, side: 'buy', orderType: 'market', quantity: '0.5', limitPrice: null, timeInForce: 'ioc' },
  ...changes,
})
const limits = (changes: object) => ({
  ...{ maxPositionNotional: null, maxOrderNotional: null, priceCollar: null, maxDailyLoss: null, maxOpenOrders: null },
  ...changes,
})

describe('a request to the engine', () => {
  it.each([
    ['HaltTrading', '*', { reason: 'x' }, { reason: 'x' }],
    ['ResumeTrading', 'alder', { reason: 'x' }, { reason: 'x' }],
    ['SetLimits', 'alder', limits({ maxOrderNotional: '10.5' }), limits({ maxOrderNotional: '10.5' })],
    ['SubmitOrder', 'alder', order({}), order({})],
    [
      'SubmitOrder',
      'yew',
      order({ orderType: 'limit', limitPrice: '1' }),
      order({ orderType: 'limit', limitPrice: '1' }),
    ],
    ['CancelOrder', 'alder', { orderSource: 'execution', orderSeq: 3 }, { orderSource: 'execution', orderSeq: 3 }],
  ])('%s becomes a command, committed before it is answered', async (type, key, data, written) => {
    const { identities } = await ask(command(type, key, data))
    const [event] = await events('commands')
    expect(event).toMatchObject({ type, key, source: 'cli', seq: 0, ingestTime: START })
    expect(JSON.parse(JSON.stringify(event?.data))).toEqual(written)
    expect(identities).toEqual([{ topic: 'commands', key, source: 'cli', seq: 0 }])
  })

  it.each([
    ['of an unknown portfolio', command('HaltTrading', 'nobody', { reason: 'x' }), 'not-found'],
    [
      'of a symbol that it does not trade',
      command('SubmitOrder', 'alder', order({ symbol: 'simulated:X/Y' })),
      'not-found',
    ],
    ['of an order for everybody', command('SubmitOrder', '*', order({})), 'not-found'],
    ['of an unknown command', command('BuyTheDip', 'alder', {}), 'refused'],
    ['without a reason', command('HaltTrading', '*', { reason: ' ' }), 'refused'],
    ['with a quantity of zero', command('SubmitOrder', 'alder', order({ quantity: '0' })), 'refused'],
    ['with a number that is no decimal', command('SubmitOrder', 'alder', order({ quantity: 0.5 })), 'refused'],
    ['of a limit order without a price', command('SubmitOrder', 'alder', order({ orderType: 'limit' })), 'refused'],
    ['of a market order with a price', command('SubmitOrder', 'alder', order({ limitPrice: '1' })), 'refused'],
    ['of no limit at all', command('SetLimits', 'alder', limits({})), 'refused'],
    ['of what a stage writes', { topic: 'orders', type: 'OrderApproved', key: 'alder', data: {} }, 'refused'],
    ['of what a feed writes', { topic: 'ticks', type: 'TradePrinted', key: BTC, data: {} }, 'refused'],
    ['of another configuration', { topic: 'config', type: 'LimitsSet', key: 'alder', data: {} }, 'refused'],
    ['of no dead letter', { topic: 'dlq.ticks', type: 'ReplayDeadLetter', key: 'dlq.ticks/0', data: {} }, 'not-found'],
  ] as const)('%s is refused, and leaves nothing behind', async (_, request, code) => {
    const refusal = { name: 'LogError', code, remedy: expect.stringMatching(/./) }
    await expect(ask(request)).rejects.toMatchObject(refusal)
    expect(await events('commands')).toEqual([])
    expect((await events('config')).every(({ source }) => source === 'setup')).toBe(true)
  })

  it('waits until the engine is open', async () => {
    const early = requestHandler(log, () => undefined)
    await expect(early(command('HaltTrading', '*', { reason: 'x' }))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a portfolio', () => {
  const opened = (key: string, data: object): AppendRequest => ({ topic: 'config', type: 'PortfolioOpened', key, data })
  const momentum = (changes: object = {}) => ({ name: 'momentum', symbols: [BTC], parameters: {}, ...changes })

  it('is given other strategies, and keeps what else it is', async () => {
    const before = (await events('config')).find(({ key, type }) => key === 'alder' && type === 'PortfolioOpened')
    await ask(opened('alder', { strategies: [momentum({ parameters: { enter: 2 } })] }))
    const after = (await events('config')).findLast(({ key }) => key === 'alder')
    expect(after?.data).toEqual({
      ...before?.data,
      strategies: [{ name: 'momentum', symbols: [BTC], parameters: { enter: 2 } }],
    })
  })

  it('is opened with cash and the default limits', async () => {
    const { identities } = await ask(opened('maple', { cash: '5000', strategies: [momentum()] }))
    const added = (await events('config')).filter(({ key }) => key === 'maple')
    expect(added.map(({ type }) => type)).toEqual(['PortfolioOpened', 'LimitsSet'])
    expect(identities).toEqual(added.map(identityOf))
    expect(added[0]?.data).toMatchObject({ account: 'paper', currency: 'USDT' })
  })

  it.each([
    ['that is not there, without cash', 'maple', { strategies: [momentum()] }, 'not-found'],
    ['that is there, with cash', 'alder', { strategies: [momentum()], cash: '5' }, 'refused'],
    ['of a name that is none', 'Maple Syrup', { strategies: [momentum()], cash: '5' }, 'refused'],
    ['by an unknown strategy', 'alder', { strategies: [momentum({ name: 'astrology' })] }, 'not-found'],
    ['with an unknown parameter', 'alder', { strategies: [momentum({ parameters: { moon: 1 } })] }, 'not-found'],
    ['with a parameter out of bounds', 'alder', { strategies: [momentum({ parameters: { enter: -1 } })] }, 'refused'],
    ['on a symbol that is not listed', 'alder', { strategies: [momentum({ symbols: ['x:Y/Z'] })] }, 'not-found'],
  ])('%s is refused', async (_, key, data, code) => {
    await expect(ask(opened(key, data))).rejects.toMatchObject({ code })
    expect((await events('config')).every(({ source }) => source === 'setup')).toBe(true)
  })
})

describe('a dead letter [REL-06]', () => {
  it('of an input event comes back through the edge, with a new identity and stamp', async () => {
    await clock.advance(1_000_000)
    await edge.advance()
    const [event] = await events('ticks')
    if (!event) throw new Error('there is no tick')
    const { topic, key } = event
    const place = { topic, partition: 0, offset: 3, key, task: 'market-0', stage: 'book', code: 'refused' }
    const feed = await Feed.open('test', log, [])
    feed.appendOutput(
      deadLetterOutput({ ...place, error: 'no', time: 1, headers: {}, bytes: encodeEvent(event) }, 1 << 20),
    )
    await feed.commit()

    const { identities } = await ask({ topic: 'dlq.ticks', type: 'ReplayDeadLetter', key: 'dlq.ticks/0', data: {} })
    const again = (await events('ticks')).find(({ replayOf }) => replayOf !== null)
    expect(again).toMatchObject({ type: event.type, eventTime: event.eventTime, replayOf: identityOf(event) })
    expect(JSON.stringify(again?.data)).toBe(JSON.stringify(event.data))
    expect(again?.ingestTime).toBeGreaterThan(event.ingestTime)
    expect(identities).toEqual([again && identityOf(again)])
  })
})

describe('the edge', () => {
  /** A log whose commits take until the next turn of the event loop, and may fail. */
  function slow(inner: MemoryLog, fails: () => boolean = () => false): Log {
    const open = async (name: string): Promise<Writer> => {
      const writer = await inner.open(name)
      return {
        name,
        restore: () => writer.restore(),
        close: () => writer.close(),
        async commit(commit) {
          await setImmediate()
          if (fails()) throw new Error('the disk is full')
          await writer.commit(commit)
        },
      }
    }
    return new Proxy(inner, { get: (target, name) => (name === 'open' ? open : Reflect.get(target, name, target)) })
  }

  it('takes commands while batches are being committed, each once and in order', async () => {
    const calm = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const busy = await Edge.open({ log: slow(calm), clock, seed: 1 })
    const work: Promise<unknown>[] = []
    for (let i = 0; i < 20; i++) {
      await clock.advance(20_000)
      work.push(busy.advance())
      const data = { reason: String(i) }
      work.push(busy.append({ topic: 'commands', type: 'HaltTrading', key: '*', source: 'cli', data }))
    }
    await Promise.all(work)
    const reasons = (await events('commands', calm)).map(({ data }) => (data as { reason: string }).reason)
    expect(reasons).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
    const ticks = await events('ticks', calm)
    for (const source of new Set(ticks.map(tick => tick.source))) {
      const seqs = ticks.filter(tick => tick.source === source).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.map((_, at) => at))
    }
  })

  it('forgets a command whose sender was told that it failed', async () => {
    const calm = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    let failing = false
    const shaky = await Edge.open({ log: slow(calm, () => failing), clock, seed: 1 })
    const halt = { topic: 'commands', type: 'HaltTrading', key: '*', source: 'cli', data: { reason: 'x' } } as const
    failing = true
    await expect(shaky.append(halt)).rejects.toThrow('the disk is full')
    failing = false
    await clock.advance(1_000_000)
    await shaky.advance()
    expect(await events('commands', calm)).toEqual([])
    expect(await shaky.append(halt)).toMatchObject({ seq: 0 })
  })
})
