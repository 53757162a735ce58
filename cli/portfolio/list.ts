/** `tideway portfolio list` */
import { openLog } from '@tideway/stack/embedded'
import { listedPortfolios } from '@tideway/stack/query'
import { z } from 'zod'
import { sayJson, sayTable } from '../print/out.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'

const options = z.object({ json: z.boolean().default(false) })

export const list = verb('list', 'Show the portfolios, as they are configured.', ['tideway portfolio list'])
  .option('--json', 'one JSON array on standard output')
  .action(async (_, command) => {
    const { json } = optionsOf(options, command)
    const opened = await openLog(settingsOf(command))
    try {
      const portfolios = await listedPortfolios(opened.log)
      if (json) return sayJson(portfolios)
      sayTable(
        [
          ['portfolio', 'account', 'opened with', 'strategies'],
          ...portfolios.map(({ name, opened: { account, cash, currency, strategies } }) => [
            name,
            account,
            `${cash.toFixed()} ${currency}`,
            strategies.map(each => `${each.name} on ${each.symbols.join(', ')}`).join('; '),
          ]),
        ],
        [2],
      )
    } finally {
      await opened.close()
    }
  })
