export { drain } from './processes/drain.ts'
export { type ReplayOptions, type ReplayResult, replay } from './replay/replay.ts'
export { type Summary, summarise } from './replay/summary.ts'
export { type TopologyOptions, taskSpecs } from './topology.ts'
