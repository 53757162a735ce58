/** The numbers themselves: plain fields that the observed code adds to and that whoever looks reads later. */
import type { Counter, Family, Gauge, Timing } from '../telemetry.ts'

/** Upper bounds of the buckets of every timing, in microseconds: from a hot fold to a slow restore. */
export const boundsMicros: readonly number[] = [
  10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
  5_000_000, 10_000_000, 30_000_000, 60_000_000,
]

export class NumberSeries implements Counter, Gauge {
  value = 0

  add(count: number): void {
    this.value += count
  }

  set(value: number): void {
    this.value = value
  }
}

export class TimingSeries implements Timing {
  /** One more than there are bounds: the last holds what is longer than all of them. */
  readonly counts = new Float64Array(boundsMicros.length + 1)
  count = 0
  sumMicros = 0

  record(micros: number, times = 1): void {
    let bucket = 0
    while (bucket < boundsMicros.length && micros > (boundsMicros[bucket] ?? 0)) bucket++
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times
    this.count += times
    this.sumMicros += micros * times
  }

  /** The time that a share `quantile` of events did not exceed, interpolated within its bucket; 0 without events. */
  quantileMicros(quantile: number): number {
    let rank = quantile * this.count
    for (const [bucket, count] of this.counts.entries()) {
      if (count > 0 && rank <= count) {
        const lower = boundsMicros[bucket - 1] ?? 0
        const upper = boundsMicros[bucket] ?? lower
        return lower + (upper - lower) * (rank / count)
      }
      rank -= count
    }
    return 0
  }
}

/** Series of one family; more label values than this share one series, so that a mistake costs no memory. */
export const SERIES_MAX = 1000
const OTHER = 'other'

export type Labels = Readonly<Record<string, string>>

export class SeriesFamily<L extends string, S> implements Family<L, S> {
  readonly name: string
  readonly help: string
  readonly labels: readonly L[]
  readonly series = new Map<string, { readonly labels: Labels; readonly series: S }>()
  readonly #make: () => S

  constructor(definition: { name: string; help: string; labels: readonly L[] }, make: () => S) {
    this.name = definition.name
    this.help = definition.help
    this.labels = definition.labels
    this.#make = make
  }

  of(labels: Readonly<Record<L, string>>): S {
    const full = this.series.size >= SERIES_MAX && !this.series.has(this.#keyOf(labels))
    const named = Object.fromEntries(this.labels.map(label => [label, full ? OTHER : labels[label]])) as Record<
      L,
      string
    >
    const key = this.#keyOf(named)
    const found = this.series.get(key)
    if (found) return found.series
    const series = this.#make()
    this.series.set(key, { labels: named, series })
    return series
  }

  #keyOf(labels: Readonly<Record<L, string>>): string {
    return JSON.stringify(this.labels.map(label => labels[label]))
  }
}
