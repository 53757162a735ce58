/** `tideway portfolio open`: a new paper portfolio in the engine that runs. */
import type { Decimal } from '@tideway/schemas'
import { z } from 'zod'
import { amount, checked, eachChecked, listOf, text } from '../arguments.ts'
import { say, sayJson } from '../print/out.ts'
import { names, request } from '../request.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'
import { type NamedStrategy, namedStrategy } from './strategy-option.ts'

const options = z.object({
  cash: z.custom<Decimal>(),
  symbols: z.array(z.string()),
  strategy: z.custom<readonly NamedStrategy[]>(),
  json: z.boolean().default(false),
})

export const open = verb('open', 'Open a paper portfolio, with the default limits.', [
  'tideway portfolio open maple --cash 50000 --strategy momentum --symbols simulated:BTC/USDT',
])
  .argument('<name>', 'a-z, 0-9 and -')
  .requiredOption('--cash <amount>', 'what it begins with, in the currency that its symbols settle in', checked(amount))
  .requiredOption('--symbols <list>', 'VENUE:BASE/QUOTE, ...', checked(listOf(text(64))))
  .requiredOption('--strategy <name...>', 'NAME or NAME:PARAMETER=NUMBER,...', eachChecked(namedStrategy))
  .option('--json', 'one JSON object on standard output')
  .action(async (name: string, _, command) => {
    const { cash, symbols, strategy, json } = optionsOf(options, command)
    const data = { cash: cash.toFixed(), strategies: strategy.map(each => ({ ...each, symbols })) }
    const asked = { topic: 'config', type: 'PortfolioOpened', key: name, data }
    const events = await request(settingsOf(command), asked, async ids => names(ids))
    if (json) sayJson({ events })
    else say(`${name} is open: ${events.join(', ')}`)
  })
