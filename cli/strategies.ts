/** `tideway strategies`: what portfolios can be assigned. */
import { builtInStrategies } from '@tideway/strategies'
import { z } from 'zod'
import { UsageError } from './errors.ts'
import { say, sayJson, sayTable } from './print/out.ts'
import { optionsOf, verb } from './verb.ts'

const options = z.object({ json: z.boolean().default(false) })

export const strategies = verb('strategies', 'Show the strategies that are there, with their parameters.', [
  'tideway strategies',
])
  .option('--json', 'one JSON array on standard output')
  .action((_, command) => {
    const { json } = optionsOf(options, command)
    const shown = builtInStrategies.map(({ name, version, about, reads, parameters }) => ({
      name,
      version,
      about,
      reads,
      parameters,
    }))
    if (json) return sayJson(shown)
    for (const { name, version, about, reads, parameters } of shown) {
      say(`${name} (version ${version}, reads ${reads.join(', ')}): ${about}`)
      sayTable(
        Object.entries(parameters).map(([parameter, { value, min, max, about: what }]) => [
          `  ${parameter}`,
          String(value),
          `${min} to ${max}`,
          what,
        ]),
        [1],
      )
      say('')
    }
  })

/** Throws UsageError for a name that no strategy has. */
export function checkStrategies(names: readonly string[]): void {
  const known = builtInStrategies.map(({ name }) => name)
  const unknown = names.find(name => !known.includes(name))
  if (unknown === undefined) return
  throw new UsageError(
    `There is no strategy "${unknown}".`,
    `There are ${known.join(', ')}; a new one is added to strategies/index.ts.`,
  )
}
