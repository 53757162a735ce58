/** Metrics, log lines and health of a process. The only room that knows pino and prom-client. */
export {
  type Check,
  type CheckResult,
  createHealth,
  type Health,
  type HealthReport,
  type Probe,
} from './health/checks.ts'
export { startWatchServer, type WatchServer, type WatchSettings } from './health/server.ts'
export type { Fields, Logger, LogLevel } from './log/logger.ts'
export { createLogger, type LogSettings } from './log/pino.ts'
export { type BreakerReading, type FeedMeter, feedMeter } from './meters/feed.ts'
export { type StageMeter, stageMeter } from './meters/stage.ts'
export { type TaskMeter, taskMeter } from './meters/task.ts'
export type { Exposition } from './metrics/prometheus.ts'
export type { NumberReading, Reading, TimingReading } from './metrics/registry.ts'
export { createTelemetry, type ProcessTelemetry, type TelemetrySettings } from './process-telemetry.ts'
export { silence, silentLogger } from './silence.ts'
export * from './telemetry.ts'
