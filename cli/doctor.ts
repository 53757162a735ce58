/** `tideway doctor`: whether this machine and this log are well. */
import { type Check, examine, repair } from '@tideway/stack/doctor'
import type { Piece } from '@tideway/stack/supervise'
import { z } from 'zod'
import { exitCodes } from './exit-codes.ts'
import { say, sayJson, sayTable } from './print/out.ts'
import { optionsOf, settingsOf, verb } from './verb.ts'

const options = z.object({
  home: z.string().optional(),
  repair: z.boolean().default(false),
  json: z.boolean().default(false),
})

const marks: Readonly<Record<Check['result'], Piece>> = {
  ok: ['ok', 'green'],
  note: ['note', 'yellow'],
  finding: ['FINDING', 'red'],
}

export const doctor = verb('doctor', 'Check this machine, the settings and the log.', [
  'tideway doctor',
  'tideway doctor --json',
])
  .option('--repair', 'give up the records of the log that are damaged, and say which')
  .option('--json', 'one JSON object on standard output')
  .addHelpText('after', '\nIt ends with 5 where it finds something.\n')
  .action(async (_, command) => {
    const { home, repair: wanted, json } = optionsOf(options, command)
    const repaired = wanted ? await repair(settingsOf(command)) : undefined
    const checks = await examine(home)
    if (checks.some(({ result }) => result === 'finding')) process.exitCode = exitCodes.findings
    if (json) return sayJson({ checks, ...(repaired && { repaired }) })
    for (const text of repaired ?? []) say(`given up: ${text}`)
    sayTable(checks.map(({ name, result, says }) => [marks[result], name, says]))
    for (const { name, remedy } of checks) if (remedy) say(`\n${name}: ${remedy}`)
  })
