/** What the verbs of `tideway command` share: one command to the engine, and its name in the log. */
import type { Command } from 'commander'
import { z } from 'zod'
import { say, sayJson } from '../print/out.ts'
import { names, request } from '../request.ts'
import { optionsOf, settingsOf } from '../verb.ts'

const options = z.object({ json: z.boolean().default(false) })

export interface Given {
  readonly type: string
  /** A portfolio, or `*` for all. */
  readonly key: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Sends it and says what it was named. */
export async function send(given: Given, command: Command): Promise<void> {
  const { json } = optionsOf(options, command)
  const commands = await request(settingsOf(command), { topic: 'commands', ...given }, async ids => names(ids))
  if (json) sayJson({ command: commands[0] })
  else say(`${given.type} for ${given.key === '*' ? 'all portfolios' : given.key}: ${commands[0]}`)
}
