/** `tideway portfolio assign`: other strategies for a portfolio; what it holds and owns stays. */
import { openLog } from '@tideway/stack/embedded'
import { listedPortfolios, symbolsOf } from '@tideway/stack/query'
import { z } from 'zod'
import { checked, eachChecked, listOf, text } from '../arguments.ts'
import { say, sayJson } from '../print/out.ts'
import { names, request } from '../request.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'
import { type NamedStrategy, namedStrategy } from './strategy-option.ts'

const options = z.object({
  symbols: z.array(z.string()).optional(),
  strategy: z.custom<readonly NamedStrategy[]>(),
  json: z.boolean().default(false),
})

export const assign = verb('assign', 'Assign a portfolio its strategies, in place of those that it has.', [
  'tideway portfolio assign alder --strategy mean-reversion',
  'tideway portfolio assign alder --strategy momentum:enter=2 mean-reversion --symbols simulated:BTC/USDT',
])
  .argument('<portfolio>')
  .requiredOption('--strategy <name...>', 'NAME or NAME:PARAMETER=NUMBER,...', eachChecked(namedStrategy))
  .option('--symbols <list>', 'VENUE:BASE/QUOTE, ...; those that it trades where absent', checked(listOf(text(64))))
  .option('--json', 'one JSON object on standard output')
  .action(async (name: string, _, command) => {
    const { symbols, strategy, json } = optionsOf(options, command)
    const settings = settingsOf(command)
    const traded = symbols ?? (await symbolsTraded(name, settings))
    const data = { strategies: strategy.map(each => ({ ...each, symbols: traded })) }
    const asked = { topic: 'config', type: 'PortfolioOpened', key: name, data }
    const events = await request(settings, asked, async ids => names(ids))
    if (json) sayJson({ events })
    else say(`${name} trades by ${strategy.map(each => each.name).join(', ')}: ${events.join(', ')}`)
  })

/** None for a portfolio that there is not: the engine says so. */
async function symbolsTraded(name: string, settings: Parameters<typeof openLog>[0]): Promise<string[]> {
  const opened = await openLog(settings)
  try {
    const portfolio = (await listedPortfolios(opened.log)).find(each => each.name === name)
    return portfolio ? symbolsOf(portfolio.opened) : []
  } finally {
    await opened.close()
  }
}
