/** The data of requests to the engine, as JSON: decimals are strings, exact. */
import { Decimal } from '@tideway/schemas'
import { z } from 'zod'

/** The key of a command for every portfolio. */
export const EVERYBODY = '*'

const decimal = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be a plain decimal such as 0.015')
  .transform(text => new Decimal(text))
const positive = decimal.refine(value => value.gt(0), 'must be above zero')
const reason = z.string().trim().min(1).max(200)

export const portfolioName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a-z, 0-9 and -, begin with a letter and be at most 32 long')

const limits = z
  .object({
    maxPositionNotional: positive.nullable(),
    maxOrderNotional: positive.nullable(),
    priceCollar: positive.refine(value => value.lt(1), 'is a fraction below 1').nullable(),
    maxDailyLoss: positive.nullable(),
    maxOpenOrders: z.int().min(1).max(1_000).nullable(),
  })
  .refine(given => Object.values(given).some(value => value !== null), 'at least one limit must be given')

const order = z
  .object({
    symbol: z.string().min(1),
    side: z.enum(['buy', 'sell']),
    orderType: z.enum(['market', 'limit']),
    quantity: positive,
    limitPrice: positive.nullable(),
    timeInForce: z.enum(['gtc', 'ioc', 'postOnly']),
  })
  .refine(({ orderType, limitPrice }) => (orderType === 'limit') === (limitPrice !== null), {
    message: 'a limit order has a limit price, a market order has none',
  })

export const commandData = {
  HaltTrading: z.object({ reason }),
  ResumeTrading: z.object({ reason }),
  SetLimits: limits,
  SubmitOrder: order,
  CancelOrder: z.object({ orderSource: z.string().min(1), orderSeq: z.int().min(0) }),
} as const

export const openingData = z.object({
  strategies: z
    .array(
      z.object({
        name: z.string().min(1),
        symbols: z.array(z.string().min(1)).min(1),
        parameters: z.record(z.string(), z.number()).default({}),
      }),
    )
    .max(50),
  /** For a portfolio that is new. */
  cash: positive.optional(),
})

export const replayData = z.object({ input: z.boolean().default(false) })
