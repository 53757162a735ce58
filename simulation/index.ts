export { DEFAULT_STEPS, SimulationFailure, type SimulationReport, simulate } from './simulate.ts'
export type { Sabotage } from './world.ts'
