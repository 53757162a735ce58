/** What the code may say about itself: numbers and log lines, in our words. Who reads them (Prometheus, a screen, a file)
 *  is decided where the process starts.
 *
 *  O1  Saying costs little: a series is looked up once, then a call adds to a number. Hot loops still say things once a
 *      batch.
 *  O2  What is said never changes what is done: nothing here throws once a series is there, and nothing can be asked. */
import type { Logger } from './log/logger.ts'

/** A name is `tideway_<what is observed>_<what>_<unit>`: which stage or task it was is a label, so that one can sum over
 *  them. Units are Prometheus' base units, counters end in `_total`. */
export type CounterName = `tideway_${string}_total`
export type TimingName = `tideway_${string}_seconds`
export type GaugeName = `tideway_${string}_${GaugeUnit}`
export type GaugeUnit = 'seconds' | 'bytes' | 'records' | 'events' | 'entries' | 'ratio' | 'state'

export interface Definition<N extends string, L extends string> {
  readonly name: N
  /** One line for whoever reads the number. */
  readonly help: string
  readonly labels: readonly L[]
}

/** The series of one name. */
export interface Family<L extends string, S> {
  of(labels: Readonly<Record<L, string>>): S
}

export interface Counter {
  add(count: number): void
}

export interface Gauge {
  set(value: number): void
}

export interface Timing {
  /** So many events took `micros` each; 1 where `times` is absent. */
  record(micros: number, times?: number): void
}

export interface Telemetry {
  readonly log: Logger
  /** The same family for the same name, however often it is asked for. */
  counter<L extends string>(definition: Definition<CounterName, L>): Family<L, Counter>
  gauge<L extends string>(definition: Definition<GaugeName, L>): Family<L, Gauge>
  timing<L extends string>(definition: Definition<TimingName, L>): Family<L, Timing>
}
