/** `tideway simulate`: the whole topology under a seed, with faults, and checkers that know the truth. */
import { DEFAULT_STEPS, SimulationFailure, type SimulationReport, simulate as simulateSeed } from '@tideway/simulation'
import { grouped } from '@tideway/stack/supervise'
import { z } from 'zod'
import { checked, wholeNumber } from './arguments.ts'
import { exitCodes } from './exit-codes.ts'
import { note, say, sayJson } from './print/out.ts'
import { ProgressBar } from './print/progress-bar.ts'
import { optionsOf, verb } from './verb.ts'

const options = z.object({
  seed: z.number(),
  steps: z.number(),
  seeds: z.number(),
  json: z.boolean().default(false),
})

export const simulate = verb('simulate', 'Run the whole topology under a seed, with faults and checkers.', [
  'tideway simulate --seed 42',
  'tideway simulate --seed 1 --seeds 100 --steps 300',
])
  .requiredOption('--seed <n>', 'the seed, or the first of several', checked(wholeNumber(0, 2 ** 31)))
  .option('--steps <n>', 'market messages of a run', checked(wholeNumber(1, 100_000)), DEFAULT_STEPS)
  .option('--seeds <count>', 'how many seeds, one after the other', checked(wholeNumber(1, 1_000_000)), 1)
  .option('--json', 'one JSON object on standard output')
  .addHelpText('after', '\nA failure names the command that repeats it, and ends with 1.\n')
  .action(async (_, command) => {
    const { seed, seeds, steps, json } = optionsOf(options, command)
    const passed: SimulationReport[] = []
    const failed: { readonly seed: number; readonly error: string; readonly repeat: string }[] = []
    const bar = new ProgressBar('seeds')
    for (let each = seed; each < seed + seeds; each++) {
      try {
        passed.push(await simulateSeed(each, steps))
      } catch (error) {
        if (!(error instanceof SimulationFailure)) throw error
        failed.push({ seed: each, error: error.message, repeat: error.repeat })
        bar.end()
        note(`error: ${error.message}`)
      }
      bar.show({ done: each - seed + 1, total: seeds, count: each - seed + 1 })
    }
    bar.end()
    if (failed.length > 0) process.exitCode = exitCodes.failed
    if (json) return sayJson({ passed, failed })
    const sum = (field: 'events' | 'orders' | 'deaths' | 'takeOvers' | 'fenced') =>
      grouped(passed.reduce((total, report) => total + report[field], 0))
    say(`${passed.length} passed, ${failed.length} failed`)
    say(`${sum('events')} events, ${sum('orders')} orders at the venue outside, ${sum('deaths')} deaths of tasks,`)
    say(`${sum('takeOvers')} take-overs, ${sum('fenced')} fenced writers`)
  })
