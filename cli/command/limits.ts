/** `tideway command limits`: changes pre-trade limits; those that are not given stay. */
import type { Decimal } from '@tideway/schemas'
import { z } from 'zod'
import { amount, checked, wholeNumber } from '../arguments.ts'
import { UsageError } from '../errors.ts'
import { optionsOf, verb } from '../verb.ts'
import { send } from './send.ts'

const exact = z.custom<Decimal>().transform(value => value.toFixed())
const options = z.object({
  maxPosition: exact.optional(),
  maxOrder: exact.optional(),
  priceCollar: exact.optional(),
  maxDailyLoss: exact.optional(),
  maxOpenOrders: z.number().optional(),
})

export const limits = verb('limits', 'Change the limits of a portfolio; what is not given stays.', [
  'tideway command limits alder --max-order 2000',
  'tideway command limits alder --max-daily-loss 500 --price-collar 0.005',
])
  .argument('<portfolio>')
  .option('--max-position <amount>', 'largest holding of a symbol, in the currency', checked(amount))
  .option('--max-order <amount>', 'largest order, in the currency', checked(amount))
  .option('--price-collar <fraction>', 'largest distance of a limit price from mid', checked(amount))
  .option('--max-daily-loss <amount>', 'since 00:00 UTC; beyond it the portfolio halts', checked(amount))
  .option('--max-open-orders <n>', 'at a time', checked(wholeNumber(1, 1_000)))
  .option('--json', 'one JSON object on standard output')
  .action(async (portfolio: string, _, command) => {
    const { maxPosition, maxOrder, priceCollar, maxDailyLoss, maxOpenOrders } = optionsOf(options, command)
    const data = {
      maxPositionNotional: maxPosition ?? null,
      maxOrderNotional: maxOrder ?? null,
      priceCollar: priceCollar ?? null,
      maxDailyLoss: maxDailyLoss ?? null,
      maxOpenOrders: maxOpenOrders ?? null,
    }
    if (Object.values(data).every(value => value === null)) {
      throw new UsageError('No limit is given.', 'Give one at least: see `tideway command limits --help`.')
    }
    await send({ type: 'SetLimits', key: portfolio, data }, command)
  })
