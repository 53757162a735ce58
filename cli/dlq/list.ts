/** `tideway dlq list` */
import { openLog } from '@tideway/stack/embedded'
import { deadLetters, type ListedLetter } from '@tideway/stack/query'
import { grouped, instant } from '@tideway/stack/supervise'
import { z } from 'zod'
import { checked, wholeNumber } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { note, say, sayJson, sayTable } from '../print/out.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'

const options = z.object({ topic: z.string().optional(), limit: z.number(), json: z.boolean().default(false) })

export const list = verb('list', 'Show the dead letters, newest last.', [
  'tideway dlq list',
  'tideway dlq list --topic ticks --limit 20 --json',
])
  .option('--topic <name>', 'only those of this topic')
  .option('--limit <n>', 'the last so many', checked(wholeNumber(1, 100_000)), 100)
  .option('--json', 'one JSON array on standard output; without the bytes')
  .addHelpText('after', '\nIt ends with 5 where there are any.\n')
  .action(async (_, command) => {
    const { topic, limit, json } = optionsOf(options, command)
    const opened = await openLog(settingsOf(command))
    try {
      const letters: ListedLetter[] = []
      let count = 0
      for await (const letter of deadLetters(opened.log, topic)) {
        letters.push(letter)
        if (++count > limit) letters.shift()
      }
      if (count > 0) process.exitCode = exitCodes.findings
      if (json) return sayJson(letters.map(({ bytes, ...letter }) => ({ ...letter, size: bytes.length })))
      if (count === 0) return say('There are no dead letters.')
      if (count > letters.length) note(`note: the last ${letters.length} of ${grouped(count)}`)
      sayTable([
        ['letter', 'time', 'key', 'stage', 'code', 'error'],
        ...letters.map(({ id, time, key, stage, task, code, error }) => [
          id,
          instant(time),
          key,
          stage === '' ? `(${task})` : stage,
          code,
          error.split('\n')[0] ?? '',
        ]),
      ])
    } finally {
      await opened.close()
    }
  })
