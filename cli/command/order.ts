/** `tideway command order`: a manual order. It passes risk like any other, and says what risk said. */
import { type Decimal, formatIdentity, type Identity } from '@tideway/schemas'
import { orderOfCommand } from '@tideway/stack/query'
import { z } from 'zod'
import { amount, checked, oneOf, seconds } from '../arguments.ts'
import { UsageError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { say, sayJson } from '../print/out.ts'
import { plainEvent } from '../print/plain-event.ts'
import { request } from '../request.ts'
import { optionsOf, settingsOf, verb } from '../verb.ts'

const options = z.object({
  limit: z.custom<Decimal>().optional(),
  timeInForce: z.enum(['gtc', 'ioc', 'post-only']).optional(),
  wait: z.number(),
  json: z.boolean().default(false),
})

export const order = verb('order', 'Send a manual order; it passes risk like any other.', [
  'tideway command order alder simulated:BTC/USDT buy 0.01',
  'tideway command order alder simulated:BTC/USDT sell 0.01 --limit 61000 --time-in-force post-only',
])
  .argument('<portfolio>')
  .argument('<symbol>', 'one that the portfolio trades, VENUE:BASE/QUOTE')
  .argument('<side>', 'buy or sell', checked(oneOf(['buy', 'sell'])))
  .argument('<quantity>', 'in the base asset, whole lots', checked(amount))
  .option('--limit <price>', 'a limit order; at market where absent', checked(amount))
  .option(
    '--time-in-force <how>',
    'gtc, ioc or post-only; gtc with a limit, else ioc',
    checked(oneOf(['gtc', 'ioc', 'post-only'])),
  )
  .option('--wait <seconds>', 'how long to wait for the verdict of risk', checked(seconds), 5)
  .option('--json', 'one JSON object on standard output')
  .addHelpText('after', '\nIt ends with 1 where risk denies the order.\n')
  .action(async (portfolio: string, symbol: string, side: string, quantity: Decimal, _, command) => {
    const { limit, timeInForce, wait, json } = optionsOf(options, command)
    if (limit === undefined && timeInForce !== undefined && timeInForce !== 'ioc') {
      throw new UsageError(`A market order cannot be ${timeInForce}.`, 'Give it a --limit, or leave the option out.')
    }
    const how = timeInForce === 'post-only' ? 'postOnly' : (timeInForce ?? (limit ? 'gtc' : 'ioc'))
    const data = {
      symbol,
      side,
      orderType: limit ? 'limit' : 'market',
      quantity: quantity.toFixed(),
      limitPrice: limit?.toFixed() ?? null,
      timeInForce: how,
    }
    const asked = { topic: 'commands', type: 'SubmitOrder', key: portfolio, data }
    const answer = await request(settingsOf(command), asked, async ([sent], engine) => ({
      sent: sent as Identity,
      became: await orderOfCommand(engine, sent as Identity, wait * 1000),
    }))
    const { sent, became } = answer
    const verdict = became?.verdict
    if (json) {
      sayJson({
        command: formatIdentity(sent),
        order: became ? formatIdentity(became.order) : null,
        verdict: verdict ? plainEvent(verdict) : null,
      })
    } else {
      say(`SubmitOrder for ${portfolio}: ${formatIdentity(sent)}`)
      if (!became) say(`There is no verdict yet; see \`tideway lineage\` once there is an order.`)
      else if (verdict?.type === 'OrderDenied') {
        const { rule, value, limit: most, wouldPass } = verdict.data
        say(`${formatIdentity(became.order)} denied by ${rule}: ${value}, limit ${most}; ${wouldPass} would pass`)
      } else say(`${formatIdentity(became.order)} approved; see \`tideway lineage ${formatIdentity(became.order)}\``)
    }
    if (verdict?.type === 'OrderDenied') process.exitCode = exitCodes.failed
  })
