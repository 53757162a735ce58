/** `tideway dlq replay` */
import { z } from 'zod'
import { say, sayJson } from '../print/out.ts'
import { names, request } from '../request.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'

const options = z.object({ input: z.boolean().default(false), json: z.boolean().default(false) })

export const replay = verb('replay', 'Send a dead letter again, as a new event that names what it repeats.', [
  'tideway dlq replay dlq.commands/0',
  'tideway dlq replay dlq.orders/3 --input   # the input event that it came from',
])
  .argument('<letter>', 'as `tideway dlq list` names it')
  .option('--input', 'for a letter of a derived topic: send the input event that it came from')
  .option('--json', 'one JSON object on standard output')
  .addHelpText(
    'after',
    `
An event of an input topic is sent again with a new identity and stamp; a raw message that could not be
decoded is decoded again. What a stage made is not: stages alone write derived topics. Mend what refused it
first; the letter stays where it is, and what is sent twice happens twice.
`,
  )
  .action(async (letter: string, _, command) => {
    const { input, json } = optionsOf(options, command)
    const topic = letter.replace(/\/[^/]*$/, '')
    const asked = { topic: topic.startsWith('dlq.') ? topic : `dlq.${topic}`, type: 'ReplayDeadLetter', key: letter }
    const events = await request(settingsOf(command), { ...asked, data: { input } }, async ids => names(ids))
    if (json) sayJson({ letter, event: events[0] })
    else say(`${letter} was sent again: ${events[0]}`)
  })
