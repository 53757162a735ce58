/** Says nothing: for replays and tests, where nobody listens. */
import type { Logger } from './log/logger.ts'
import type { Telemetry } from './telemetry.ts'

const ignore = () => {}
const series = { add: ignore, set: ignore, record: ignore }
const family = { of: () => series }

export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  with: () => silentLogger,
}

export const silence: Telemetry = {
  log: silentLogger,
  counter: () => family,
  gauge: () => family,
  timing: () => family,
}
