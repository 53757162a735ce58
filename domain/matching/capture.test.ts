/** Passive orders on a recorded market, checked against a second simulation that shares no code with the engine.
 *
 *  The recording: trades and quotes of BTC/USDT on Binance spot. Every five seconds a buy joins the best bid and a sell
 *  the best ask, for thirty seconds. The oracle plays the queue of one order run by run:
 *  whose lots stand where, front to back, and removes them one reason at a time. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Side } from '@tideway/schemas'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Engine, emptyEngine, onBook, onTrade, type RecordedBook, submit } from './index.ts'
import { anOrder } from './testing/index.ts'

const capture = new URL('../../../shared/data/binance-spot/btcusdt_20240809.gz', import.meta.url)
const SECOND = 1_000_000

interface Quote {
  readonly time: number
  readonly bid: readonly [ticks: number, lots: number]
  readonly ask: readonly [ticks: number, lots: number]
}

interface Print {
  readonly time: number
  readonly aggressor: Side
  readonly ticks: number
  readonly lots: number
}

/** `12.34000000` in units of 10^-decimals. */
const units = (text: string, decimals: number) => Number(text.replace('.', '')) / 10 ** (8 - decimals)

function recorded(): readonly (Quote | Print)[] {
  const lines = gunzipSync(readFileSync(capture)).toString().split('\n')
  return lines.flatMap((line): (Quote | Print)[] => {
    const time = Math.floor(Number(line.slice(0, 16)))
    const { stream, data } = line.length > 20 ? JSON.parse(line.slice(20)) : {}
    if (stream?.endsWith('@bookTicker')) {
      const { b, B, a, A } = data
      return [{ time, bid: [units(b, 2), units(B, 5)], ask: [units(a, 2), units(A, 5)] }]
    }
    if (!stream?.endsWith('@trade')) return []
    return [{ time, aggressor: data.m ? 'sell' : 'buy', ticks: units(data.p, 2), lots: units(data.q, 5) } as const]
  })
}

/** Levels as quotes last named them; a quote ends those better than its own. */
function bookOfQuotes(): RecordedBook & { take(quote: Quote): void } {
  const levels = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  let best = { bid: 0, ask: 0 }
  return {
    partial: true,
    take({ bid, ask }) {
      best = { bid: bid[0], ask: ask[0] }
      for (const ticks of levels.bid.keys()) if (ticks > bid[0]) levels.bid.delete(ticks)
      for (const ticks of levels.ask.keys()) if (ticks < ask[0]) levels.ask.delete(ticks)
      levels.bid.set(...bid)
      levels.ask.set(...ask)
    },
    best: side => best[side],
    lotsAt: (side, ticks) => levels[side].get(ticks) ?? 0,
    next: (side, ticks) =>
      side === 'bid'
        ? Math.max(0, ...[...levels.bid.keys()].filter(price => price < ticks))
        : [...levels.ask.keys()].reduce(
            (next, price) => (price > ticks && (next === 0 || price < next) ? price : next),
            0,
          ),
  }
}

interface Filled {
  readonly time: number
  readonly lots: number
}

/** What the order at `ticks` gets, by brute force over the queue: runs of lots, front to back. */
function oracle(side: Side, ticks: number, asked: number, events: readonly (Quote | Print)[]): readonly Filled[] {
  const sign = side === 'buy' ? 1 : -1
  const own = side === 'buy' ? 'bid' : 'ask'
  const other = side === 'buy' ? 'ask' : 'bid'
  const first = events[0]
  if (first === undefined || 'aggressor' in first) return []
  const queue = [
    { whose: 'theirs', lots: first[own][1] },
    { whose: 'ours', lots: asked },
    { whose: 'theirs', lots: 0 },
  ]
  const [ahead, ours, behind] = queue as [(typeof queue)[0], (typeof queue)[0], (typeof queue)[0]]
  /** Lots that left the front of the level and whose prints may come. */
  let unexplained: { time: number; lots: number }[] = []
  /** What came to us on the other side, by price. */
  const came = new Map<number, number>()
  const fills: Filled[] = []
  const fill = (time: number, lots: number) => {
    const here = Math.min(lots, ours.lots)
    ours.lots -= here
    if (here > 0) fills.push({ time, lots: here })
    return here
  }
  for (const event of events.slice(1)) {
    const { time } = event
    if ((unexplained.at(-1)?.time ?? 0) < time - 100_000) unexplained = []
    if ('aggressor' in event) {
      if (event.aggressor === side || sign * event.ticks > sign * ticks) continue
      let lots = event.lots
      if (event.ticks !== ticks) {
        ahead.lots = 0
        unexplained = []
        fill(time, lots)
        continue
      }
      for (const gone of unexplained) {
        const explained = Math.min(gone.lots, lots)
        gone.lots -= explained
        lots -= explained
      }
      for (const run of queue) {
        const here = run.whose === 'ours' ? fill(time, lots) : Math.min(lots, run.lots)
        if (run.whose !== 'ours') run.lots -= here
        lots -= here
      }
      continue
    }
    const [bestOwn, lotsOwn] = event[own]
    const shown = sign * bestOwn < sign * ticks ? 0 : bestOwn === ticks ? lotsOwn : undefined
    if (shown !== undefined) {
      behind.lots = Math.max(0, shown - ahead.lots)
      const gone = ahead.lots - shown
      if (gone > 0) unexplained.push({ time, lots: gone })
      ahead.lots = Math.min(ahead.lots, shown)
    }
    const [bestOther, lotsOther] = event[other]
    for (const price of came.keys()) if (sign * price < sign * bestOther) came.delete(price)
    if (sign * bestOther > sign * ticks || ahead.lots > 0) continue
    const before = Math.min(came.get(bestOther) ?? 0, lotsOther)
    came.set(bestOther, before + fill(time, lotsOther - before))
  }
  return fills
}

interface Passive {
  readonly side: Side
  readonly ticks: number
  readonly fills: Filled[]
  /** The quote that it came with and all until it was cancelled. */
  readonly events: (Quote | Print)[]
}

/** Every five seconds a buy and a sell of `asked` lots at the touch, each alone in an engine, for thirty seconds. */
function played(events: readonly (Quote | Print)[], asked: number): readonly Passive[] {
  const book = bookOfQuotes()
  const ended: Passive[] = []
  let open: { readonly engine: Engine; readonly order: Passive; readonly until: number }[] = []
  let next = 0
  for (const event of events) {
    if ('bid' in event) book.take(event)
    for (const { engine, order } of open) {
      const outcomes =
        'bid' in event
          ? onBook(engine, book, event.time)
          : onTrade(engine, event.aggressor, event.ticks, event.lots, event.time)
      order.events.push(event)
      for (const each of outcomes) if (each.kind === 'filled') order.fills.push({ time: event.time, lots: each.lots })
    }
    const over = open.filter(({ until }) => event.time > until)
    ended.push(...over.map(({ order }) => order))
    open = open.filter(each => !over.includes(each))
    if (!('bid' in event) || event.time < next) continue
    next = event.time + 5 * SECOND
    for (const side of ['buy', 'sell'] as const) {
      const [ticks] = event[side === 'buy' ? 'bid' : 'ask']
      const engine = emptyEngine()
      submit(engine, anOrder({ side, timeInForce: 'postOnly', limitTicks: ticks, lots: asked }), book)
      open.push({ engine, order: { side, ticks, fills: [], events: [event] }, until: event.time + 30 * SECOND })
    }
  }
  return [...ended, ...open.map(({ order }) => order)]
}

const sum = (amounts: readonly { readonly lots: number }[]) => amounts.reduce((total, { lots }) => total + lots, 0)

describe.skipIf(!existsSync(capture))(
  'passive orders on BTC/USDT of Binance (skipped without ../shared/data/binance-spot)',
  () => {
    const ASKED = 20_000
    let orders: readonly Passive[] = []
    beforeAll(() => {
      orders = played(recorded(), ASKED)
    })

    it('fill exactly when and as far as a brute-force queue says', () => {
      for (const { side, ticks, fills, events } of orders) expect(fills).toEqual(oracle(side, ticks, ASKED, events))
    })

    it('fill no more than was printed at or through their price, and no less than was printed through it', () => {
      for (const { side, ticks, fills, events } of orders) {
        const sign = side === 'buy' ? 1 : -1
        const prints = events.filter(event => 'aggressor' in event && event.aggressor !== side) as Print[]
        const at = prints.filter(print => print.ticks === ticks)
        const through = prints.filter(print => sign * print.ticks < sign * ticks)
        const met = events.some(
          event => 'bid' in event && sign * (side === 'buy' ? event.ask : event.bid)[0] <= sign * ticks,
        )
        if (!met) expect(sum(fills)).toBeLessThanOrEqual(sum(at) + sum(through))
        expect(sum(fills)).toBeGreaterThanOrEqual(Math.min(ASKED, sum(through)))
      }
    })

    it('fill whole, in part or not at all as often as before', () => {
      const ends = orders.map(({ fills }) => (sum(fills) === ASKED ? 'whole' : sum(fills) > 0 ? 'part' : 'none'))
      expect(
        Object.fromEntries(['whole', 'part', 'none'].map(end => [end, ends.filter(one => one === end).length])),
      ).toEqual({
        whole: 104,
        part: 2,
        none: 16,
      })
    })
  },
)
