/** The numbers as Prometheus reads them. The series stay ours and are copied when somebody scrapes, so that the observed
 *  code pays for an addition only. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as Vendor } from 'prom-client'
import type { AnyFamily } from './registry.ts'
import { boundsMicros, type SeriesFamily, type TimingSeries } from './series.ts'

export interface Exposition {
  readonly contentType: string
  readonly text: string
}

export class Prometheus {
  readonly #vendor = new Vendor()

  /** `process` adds what prom-client says of the process itself: memory, CPU, event loop, garbage collection. */
  constructor({ process }: { readonly process: boolean }) {
    if (process) collectDefaultMetrics({ register: this.#vendor })
  }

  add({ kind, family }: AnyFamily): void {
    const { name, help, labels: labelNames } = family
    const settings = { name, help, labelNames, registers: [this.#vendor] }
    if (kind === 'timing') new TimingHistogram(settings, family)
    else if (kind === 'gauge') {
      new Gauge({
        ...settings,
        collect() {
          for (const { labels, series } of family.series.values()) this.set(labels, series.value)
        },
      })
    } else {
      new Counter({
        ...settings,
        collect() {
          this.reset() // a counter can only be added to: start again from the sum
          for (const { labels, series } of family.series.values()) this.inc(labels, series.value)
        },
      })
    }
  }

  /** All metrics in the text format. */
  async expose(): Promise<Exposition> {
    return { contentType: this.#vendor.contentType, text: await this.#vendor.metrics() }
  }
}

interface HistogramSettings {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly registers: Vendor[]
}

/** A histogram whose buckets are counted elsewhere. `getForPromString` is what prom-client's registry and `get` ask; its
 *  types do not mention it, a test reads its answer. */
class TimingHistogram extends Histogram {
  readonly #family: SeriesFamily<string, TimingSeries>

  constructor(settings: HistogramSettings, family: SeriesFamily<string, TimingSeries>) {
    super(settings)
    this.#family = family
  }

  async getForPromString() {
    const { name, help, series } = this.#family
    const values = [...series.values()].flatMap(({ labels: sharedLabels, series: { counts, sumMicros, count } }) => {
      let below = 0
      const buckets = [...counts].map((inBucket, bucket) => {
        below += inBucket
        const bound = boundsMicros[bucket]
        const le = bound === undefined ? '+Inf' : bound / 1e6
        return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: below }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sumMicros / 1e6 },
        { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
      ]
    })
    return { name, help, type: 'histogram', values }
  }
}
