/** `npm run simulate`: many seeds, one after the other; stops at the first that fails and prints what repeats it.
 *    node simulation/run.ts [--seeds 1000] [--from 1] [--steps 200] */
import { parseArgs } from 'node:util'
import { DEFAULT_STEPS, SimulationFailure, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(DEFAULT_STEPS) },
  },
})
const [seeds, from, steps] = [Number(values.seeds), Number(values.from), Number(values.steps)]
const totals = { events: 0, orders: 0, deaths: 0, takeOvers: 0, fenced: 0 }
let failed = 0
for (let seed = from; seed < from + seeds; seed++) {
  try {
    const report = await simulate(seed, steps)
    for (const field of Object.keys(totals) as (keyof typeof totals)[]) totals[field] += report[field]
  } catch (error) {
    failed++
    console.error(error instanceof SimulationFailure ? error.message : error)
  }
  if ((seed - from + 1) % 100 === 0)
    console.log(`${seed - from + 1} seeds, ${failed} failed, ${JSON.stringify(totals)}`)
}
console.log(`${seeds - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
