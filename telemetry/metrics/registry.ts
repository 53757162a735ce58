/** Every family of a process, by name. */
import type { Counter, CounterName, Definition, Family, Gauge, GaugeName, Timing, TimingName } from '../telemetry.ts'
import { type Labels, NumberSeries, SeriesFamily, TimingSeries } from './series.ts'

/** One number as it stands now: for a screen. */
export type Reading = NumberReading | TimingReading

export interface NumberReading {
  readonly kind: 'counter' | 'gauge'
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

export interface TimingReading {
  readonly kind: 'timing'
  readonly name: string
  readonly labels: Labels
  readonly count: number
  readonly sumMicros: number
  readonly medianMicros: number
  readonly p99Micros: number
}

export type AnyFamily =
  | { readonly kind: 'counter' | 'gauge'; readonly family: SeriesFamily<string, NumberSeries> }
  | { readonly kind: 'timing'; readonly family: SeriesFamily<string, TimingSeries> }

export class Registry {
  readonly #families = new Map<string, AnyFamily>()
  readonly #added: (family: AnyFamily) => void

  /** `added` hears of each new family. */
  constructor(added: (family: AnyFamily) => void = () => {}) {
    this.#added = added
  }

  counter<L extends string>(definition: Definition<CounterName, L>): Family<L, Counter> {
    return this.#numbers('counter', definition)
  }

  gauge<L extends string>(definition: Definition<GaugeName, L>): Family<L, Gauge> {
    return this.#numbers('gauge', definition)
  }

  timing<L extends string>(definition: Definition<TimingName, L>): Family<L, Timing> {
    const found = this.#find('timing', definition)
    if (found?.kind === 'timing') return found.family
    const family = new SeriesFamily<string, TimingSeries>(definition, () => new TimingSeries())
    this.#add({ kind: 'timing', family })
    return family
  }

  /** Every series, in the order in which families and series came to be. */
  readings(): readonly Reading[] {
    const readings: Reading[] = []
    for (const { kind, family } of this.#families.values()) {
      for (const { labels, series } of family.series.values()) {
        if (series instanceof NumberSeries && kind !== 'timing') {
          readings.push({ kind, name: family.name, labels, value: series.value })
        } else if (series instanceof TimingSeries) {
          const { count, sumMicros } = series
          const quantiles = { medianMicros: series.quantileMicros(0.5), p99Micros: series.quantileMicros(0.99) }
          readings.push({ kind: 'timing', name: family.name, labels, count, sumMicros, ...quantiles })
        }
      }
    }
    return readings
  }

  #numbers<L extends string>(kind: 'counter' | 'gauge', definition: Definition<string, L>): Family<L, NumberSeries> {
    const found = this.#find(kind, definition)
    if (found && found.kind !== 'timing') return found.family
    const family = new SeriesFamily<string, NumberSeries>(definition, () => new NumberSeries())
    this.#add({ kind, family })
    return family
  }

  /** Throws TypeError where the name stands for something else already. */
  #find(kind: AnyFamily['kind'], { name, labels }: Definition<string, string>): AnyFamily | undefined {
    const found = this.#families.get(name)
    if (!found) return undefined
    if (found.kind === kind && found.family.labels.join() === labels.join()) return found
    const there = `a ${found.kind} by ${found.family.labels.join(', ') || 'nothing'}`
    throw new TypeError(`${name} is ${there} already: one name, one meaning`)
  }

  #add(family: AnyFamily): void {
    this.#families.set(family.family.name, family)
    this.#added(family)
  }
}
