/** For tests of stages: a driver without a log, in a closed world. */
export { ClosedWorldError, inClosedWorld } from './closed-world.ts'
export { type Drive, type DriveOptions, drive, type Refusal, type WakeUp } from './drive.ts'
export { type MarketWorld, marketWorld } from './market-world.ts'
export { passTime } from './pass-time.ts'
export { assertPlain, freezeDeep } from './plain-data.ts'
export { type TradingWorld, tradingWorld } from './trading-world.ts'
