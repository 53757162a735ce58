/** People at work during a simulation: orders by hand, now and then a halt, and the end of it.
 *
 *  Most orders are such that risk lets them pass, because what is denied reaches no venue: sizes on the instrument's step,
 *  limits near mid, sales of what was bought before. Some are not: a few sell what is not there, and a few name a symbol
 *  that their portfolio does not trade. */
import type { SeededRandom } from '@tideway/domain'
import { Decimal, type InstrumentListed, type SubmitOrder } from '@tideway/schemas'
import type { FeedEvent } from '@tideway/streams'
import type { Market } from './market.ts'

export interface Desk {
  readonly name: string
  readonly symbols: readonly string[]
  /** Its orders go to the venue outside. */
  readonly isOutside: boolean
}

/** Largest worth of an order, in quote: a fifth of what risk lets one be, so that a few may be open together. */
const NOTIONAL_MAX = 2_000
/** Largest distance of a limit from mid, in thousandths; risk's collar is 50 of them. */
const LIMIT_PER_MILLE_MAX = 4

export class People {
  readonly #chance: SeededRandom
  readonly #desks: readonly Desk[]
  readonly #instruments: readonly InstrumentListed[]
  readonly #market: Market
  /** Bought and not sold again, in steps, if all that was asked for was filled; by portfolio and symbol. */
  readonly #bought = new Map<string, number>()

  constructor(chance: SeededRandom, desks: readonly Desk[], instruments: readonly InstrumentListed[], market: Market) {
    this.#chance = chance
    this.#desks = desks
    this.#instruments = instruments
    this.#market = market
  }

  next(time: number): FeedEvent {
    const chance = this.#chance
    const desk = this.#pickDesk()
    const common = { topic: 'commands', source: 'operator', eventTime: time, receiveTime: time } as const
    const all = (oneIn: number) => (chance.below(oneIn) === 0 ? '*' : desk.name)
    switch (chance.below(16)) {
      case 0:
        return { ...common, key: all(4), type: 'HaltTrading', data: { reason: 'drill' } } as FeedEvent
      case 1:
      case 2:
        return { ...common, key: all(2), type: 'ResumeTrading', data: { reason: 'drill is over' } } as FeedEvent
      default:
        return { ...common, key: desk.name, type: 'SubmitOrder', data: this.#order(desk) } as FeedEvent
    }
  }

  /** Two times of three one that trades outside, where there is any. */
  #pickDesk(): Desk {
    const outside = this.#desks.filter(({ isOutside }) => isOutside)
    return this.#pick(outside.length > 0 && this.#chance.below(3) > 0 ? outside : this.#desks)
  }

  #order({ name, symbols }: Desk): SubmitOrder {
    const chance = this.#chance
    const strays = chance.below(10) === 0
    const instrument = this.#pick(
      this.#instruments.filter(({ venue, symbol }) => strays || symbols.includes(`${venue}:${symbol}`)),
    )
    const symbol = `${instrument.venue}:${instrument.symbol}`
    const holding = `${name} ${symbol}`
    const bought = this.#bought.get(holding) ?? 0
    const side = chance.below(3) === 0 && (bought > 0 || chance.below(4) === 0) ? 'sell' : 'buy'
    const midTicks = this.#market.midTicks(symbol)
    const most = instrument.tickSize.times(midTicks).times(instrument.quantityStep)
    const affordable = new Decimal(NOTIONAL_MAX).div(most).floor().toNumber()
    const steps = 1 + chance.below(side === 'sell' && bought > 0 ? bought : affordable)
    this.#bought.set(holding, side === 'buy' ? bought + steps : Math.max(0, bought - steps))
    return { symbol, side, quantity: instrument.quantityStep.times(steps), ...this.#terms(instrument, midTicks) }
  }

  #terms(
    { tickSize }: InstrumentListed,
    midTicks: number,
  ): Pick<SubmitOrder, 'orderType' | 'limitPrice' | 'timeInForce'> {
    const chance = this.#chance
    if (chance.below(2) === 0) return { orderType: 'market', limitPrice: null, timeInForce: 'ioc' }
    const furthest = Math.floor((midTicks * LIMIT_PER_MILLE_MAX) / 1_000)
    const ticks = midTicks + chance.below(2 * furthest + 1) - furthest
    const timeInForce = this.#pick(['gtc', 'gtc', 'ioc', 'postOnly'] as const)
    return { orderType: 'limit', limitPrice: tickSize.times(ticks), timeInForce }
  }

  #pick<T>(among: readonly T[]): T {
    const picked = among[this.#chance.below(among.length)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
}
