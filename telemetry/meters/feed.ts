/** What a feed says of itself: what it received, what it could not read, how it is connected. */
import type { Telemetry } from '../telemetry.ts'

export type BreakerReading = 'closed' | 'halfOpen' | 'open'

export interface FeedMeter {
  /** Messages received and written to the log since the last call: once a batch. */
  received(messages: number): void
  /** One message that could not be decoded, by the error's code. */
  undecodable(code: string): void
  /** A call was tried again. */
  retried(): void
  breaker(state: BreakerReading): void
}

const breakerNumbers: Readonly<Record<BreakerReading, number>> = { closed: 0, halfOpen: 1, open: 2 }

export function feedMeter(telemetry: Telemetry, feed: string): FeedMeter {
  const labels = ['feed'] as const
  const messages = telemetry
    .counter({ name: 'tideway_feed_messages_total', help: 'Messages received and written to the log', labels })
    .of({ feed })
  const errors = telemetry.counter({
    name: 'tideway_feed_errors_total',
    help: 'Messages that could not be decoded and were set aside',
    labels: ['feed', 'code'],
  })
  const retries = telemetry
    .counter({ name: 'tideway_feed_retries_total', help: 'Calls to the other side that were tried again', labels })
    .of({ feed })
  const breaker = telemetry
    .gauge({ name: 'tideway_feed_breaker_state', help: '0 closed, 1 half open, 2 open', labels })
    .of({ feed })
  return {
    received: count => messages.add(count),
    undecodable: code => errors.of({ feed, code }).add(1),
    retried: () => retries.add(1),
    breaker: state => breaker.set(breakerNumbers[state]),
  }
}
