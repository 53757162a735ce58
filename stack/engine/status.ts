/** What the status screen shows: rates and delays of the stages, holdings and worth of the portfolios. Plain data that
 *  crosses from the engine to its supervisor. */
import { type Event, partitionsOf } from '@tideway/schemas'
import { eventOf, type Log } from '@tideway/streams'

export interface StageStatus {
  readonly stage: string
  readonly foldedPerSecond: number
  readonly emittedPerSecond: number
}

export interface PortfolioStatus {
  readonly portfolio: string
  readonly equity: string
  readonly realised: string
  readonly unrealised: string
  readonly fees: string
  readonly halted: boolean
  /** Holdings that are not zero. */
  readonly positions: readonly { readonly symbol: string; readonly quantity: string; readonly averagePrice: string }[]
}

export interface Status {
  readonly time: number
  readonly uptimeSeconds: number
  readonly ticksPerSecond: number
  readonly stages: readonly StageStatus[]
  /** Records that tasks have not read. */
  readonly lagRecords: number
  /** From receipt at the edge to the commit of an order; milliseconds over the last minute. */
  readonly latencyMillis: { readonly p50: number; readonly p99: number } | undefined
  readonly orders: number
  readonly fills: number
  readonly deadLetters: number
  readonly portfolios: readonly PortfolioStatus[]
  /** Without the log's mapped file, where the system tells (memory.ts). */
  readonly residentBytes: number
}

type Marked = Extract<Event, { type: 'EquityMarked' }>['data']
type Held = Extract<Event, { type: 'PositionChanged' }>['data']

/** Records of a partition that are read to find the holdings after a restart. */
const LOOK_BACK = 200_000

/** Holdings and worth, folded from the derived topics as they are committed. */
export class Holdings {
  orders = 0
  fills = 0
  readonly #marks = new Map<string, Marked>()
  readonly #held = new Map<string, Map<string, Held>>()
  readonly #halted = new Set<string>()

  take(event: Event): void {
    switch (event.type) {
      case 'OrderSubmitted':
        this.orders++
        break
      case 'FillRecorded':
        this.fills++
        break
      case 'EquityMarked':
        this.#marks.set(event.key, event.data)
        break
      case 'PositionChanged': {
        const held = this.#held.get(event.key) ?? new Map<string, Held>()
        held.set(event.data.symbol, event.data)
        this.#held.set(event.key, held)
        break
      }
      case 'TradingHalted':
        this.#halted.add(event.key)
        break
      case 'TradingResumed':
        this.#halted.delete(event.key)
        break
    }
  }

  /** Reads what an earlier engine left. */
  async restore(log: Log): Promise<void> {
    for (const topic of ['orders', 'executions', 'positions', 'risk'] as const) {
      for (let partition = 0; partition < partitionsOf(topic, log.layout); partition++) {
        const { first, next } = await log.ends(topic, partition)
        for (let offset = Math.max(first, next - LOOK_BACK); offset < next; ) {
          const batch = await log.read(topic, partition, offset, { records: 10_000, bytes: 8 << 20 })
          for (const record of batch.records) this.take(eventOf(topic, record))
          offset = batch.nextOffset
        }
      }
    }
  }

  status(): PortfolioStatus[] {
    const names = [...new Set([...this.#marks.keys(), ...this.#held.keys()])].sort()
    return names.map(portfolio => {
      const mark = this.#marks.get(portfolio)
      const held = [...(this.#held.get(portfolio)?.values() ?? [])].filter(({ quantity }) => !quantity.isZero())
      return {
        portfolio,
        equity: mark?.equity.toFixed() ?? '',
        realised: mark?.realised.toFixed() ?? '',
        unrealised: mark?.unrealised.toFixed() ?? '',
        fees: mark?.fees.toFixed() ?? '',
        halted: this.#halted.has(portfolio),
        positions: held.map(({ symbol, quantity, averagePrice }) => ({
          symbol,
          quantity: quantity.toFixed(),
          averagePrice: averagePrice.toFixed(),
        })),
      }
    })
  }
}
