/** The telemetry of a process: log lines through pino, numbers for Prometheus and for a screen. */
import { createLogger, type LogSettings } from './log/pino.ts'
import { type Exposition, Prometheus } from './metrics/prometheus.ts'
import { type Reading, Registry } from './metrics/registry.ts'
import type { Telemetry } from './telemetry.ts'

export interface TelemetrySettings {
  readonly log: LogSettings
  /** Whether to measure the process itself: memory, CPU, event loop. True where absent. */
  readonly process?: boolean
}

export interface ProcessTelemetry extends Telemetry {
  /** Every number as it stands now. */
  readings(): readonly Reading[]
  /** Every number in Prometheus' text format. */
  expose(): Promise<Exposition>
}

export function createTelemetry({ log, process = true }: TelemetrySettings): ProcessTelemetry {
  const prometheus = new Prometheus({ process })
  const registry = new Registry(family => prometheus.add(family))
  return {
    log: createLogger(log),
    counter: definition => registry.counter(definition),
    gauge: definition => registry.gauge(definition),
    timing: definition => registry.timing(definition),
    readings: () => registry.readings(),
    expose: () => prometheus.expose(),
  }
}
