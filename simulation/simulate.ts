/** One simulation: a world under a seed, then the checkers. */
import { check, Finding } from './checkers.ts'
import { runWorld, type Sabotage } from './world.ts'

export const DEFAULT_STEPS = 200

export interface SimulationReport {
  readonly seed: number
  readonly steps: number
  readonly live: boolean
  readonly events: number
  readonly orders: number
  readonly deaths: number
  readonly takeOvers: number
  readonly fenced: number
}

export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure'
  /** The command that repeats it. */
  readonly repeat: string
  constructor(seed: number, steps: number, cause: unknown) {
    const repeat = `tideway simulate --seed ${seed} --steps ${steps}`
    const what =
      cause instanceof Finding
        ? cause.message
        : cause instanceof Error
          ? `${cause.name}: ${cause.message}`
          : String(cause)
    super(`seed ${seed}: ${what}\nrepeat it with: ${repeat}`, { cause })
    this.repeat = repeat
  }
}

/** Throws SimulationFailure. */
export async function simulate(
  seed: number,
  steps: number = DEFAULT_STEPS,
  sabotage: Sabotage = {},
): Promise<SimulationReport> {
  try {
    const world = await runWorld(seed, steps, sabotage)
    await check(world)
    const sum = (field: 'deaths' | 'takeOvers' | 'fenced') =>
      world.actors.reduce((total, actor) => total + actor[field], 0)
    return {
      seed,
      steps,
      live: world.live,
      events: world.script.events.length,
      orders: world.venue.orders.length,
      deaths: sum('deaths'),
      takeOvers: sum('takeOvers'),
      fenced: sum('fenced'),
    }
  } catch (error) {
    throw new SimulationFailure(seed, steps, error)
  }
}
