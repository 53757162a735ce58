/** Ticks of a capture, repeated with times, ids and sequence numbers that go on, as encoded records. */
import { binanceDecoder, type DecodedTick, describeCapture, instrumentsOf, readCapture } from '@tideway/connectors'
import type { Event, InstrumentListed } from '@tideway/schemas'
import { encodeEvent } from '@tideway/streams'

export interface CaptureTicks {
  readonly ticks: readonly { readonly tick: DecodedTick; readonly receiveTime: number }[]
  readonly instruments: readonly InstrumentListed[]
  /** From the first message to the next repetition's; microseconds. */
  readonly spanMicros: number
}

export async function ticksOfCapture(path: string): Promise<CaptureTicks> {
  const capture = await describeCapture(path)
  const instruments = (await instrumentsOf([capture])).map(({ instrument }) => instrument)
  const decode = binanceDecoder({ venue: capture.venue, instruments, symbol: capture.venueSymbol })
  const ticks: { tick: DecodedTick; receiveTime: number }[] = []
  for await (const chunk of readCapture(path)) {
    for (const entry of chunk.entries) {
      if (entry.kind === 'message')
        ticks.push({ tick: decode(entry.raw, entry.receiveTime), receiveTime: entry.receiveTime })
    }
  }
  const first = ticks[0]?.receiveTime ?? 0
  const last = ticks.at(-1)?.receiveTime ?? 0
  return { ticks, instruments, spanMicros: Math.ceil((last - first + 1_000_000) / 1_000_000) * 1_000_000 }
}

/** Update ids of one repetition stay below this many. */
const ID_SPAN = 2 ** 36

/** The `n`-th event of the endless repetition, encoded; the log hands on its bytes, so every reader decodes. */
export function recordAt(
  { ticks, spanMicros }: CaptureTicks,
  n: number,
): { readonly key: string; readonly value: Uint8Array; readonly time: number } {
  const round = Math.floor(n / ticks.length)
  const item = ticks[n % ticks.length]
  if (!item) throw new RangeError('an empty capture')
  const { tick } = item
  const time = item.receiveTime + round * spanMicros
  const root = { time, rank: 5, key: tick.key, source: 'bench', seq: n }
  const event = {
    topic: 'ticks',
    type: tick.type,
    key: tick.key,
    source: 'bench',
    seq: n,
    eventTime: tick.eventTime + round * spanMicros,
    ingestTime: time,
    stamp: { root, rank: 0, key: tick.key, count: 0 },
    causes: [],
    replayOf: null,
    data: shifted(tick, (round * ID_SPAN) / 1024),
  } as unknown as Event
  return { key: tick.key, value: encodeEvent(event), time }
}

function shifted(tick: DecodedTick, by: number): DecodedTick['data'] {
  if (by === 0) return tick.data
  switch (tick.type) {
    case 'QuoteChanged':
      return { ...tick.data, updateId: tick.data.updateId + by }
    case 'DepthChanged': {
      const { firstUpdateId, lastUpdateId, previousUpdateId } = tick.data
      return {
        ...tick.data,
        firstUpdateId: firstUpdateId + by,
        lastUpdateId: lastUpdateId + by,
        previousUpdateId: previousUpdateId < 0 ? previousUpdateId : previousUpdateId + by,
      }
    }
    case 'BookSnapshotted':
      return { ...tick.data, lastUpdateId: tick.data.lastUpdateId + by }
    case 'TradePrinted':
      return { ...tick.data, tradeId: tick.data.tradeId + by }
  }
}
