/** `tideway dlq show` */
import { formatIdentity, identityOf } from '@tideway/schemas'
import { openLog } from '@tideway/stack/embedded'
import { deadLetter, eventOfLetter } from '@tideway/stack/query'
import { instant } from '@tideway/stack/supervise'
import { z } from 'zod'
import { hexDump } from '../print/hex-dump.ts'
import { say, sayJson, sayTable } from '../print/out.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'

const options = z.object({ json: z.boolean().default(false) })

export const show = verb('show', 'Show one dead letter whole: error, place, headers, bytes.', [
  'tideway dlq show dlq.ticks/17',
])
  .argument('<letter>', 'as `tideway dlq list` names it')
  .option('--json', 'one JSON object on standard output; bytes are base64')
  .action(async (id: string, _, command) => {
    const { json } = optionsOf(options, command)
    const opened = await openLog(settingsOf(command))
    try {
      const letter = await deadLetter(opened.log, id)
      const event = eventOfLetter(letter)
      if (json) return sayJson({ ...letter, event: event ?? null })
      const { topic, partition, offset, key, task, stage, code, error, time, headers, bytes } = letter
      const place = partition < 0 ? 'before the log' : offset < 0 ? 'inside the task' : `${partition}, offset ${offset}`
      sayTable([
        ['letter', id],
        ['topic', topic],
        ['key', key],
        ['place', place],
        ['task', task],
        ['stage', stage === '' ? '-' : stage],
        ['time', instant(time)],
        ['code', code],
        ['error', error],
        ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value]),
      ])
      say('')
      if (event) {
        say(`${event.type} ${formatIdentity(identityOf(event))}`)
        sayJson(event.data)
      } else say(bytes.length === 0 ? 'It holds no bytes.' : hexDump(bytes))
    } finally {
      await opened.close()
    }
  })
