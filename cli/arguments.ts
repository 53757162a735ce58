/** Arguments and options, checked where they come in: a bad one is named with what it may be. */
import { Decimal, parseIdentity } from '@tideway/schemas'

import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

/** A parser for commander that takes what the schema takes. */
export function checked<T extends z.ZodType>(schema: T): (text: string) => z.infer<T> {
  return text => {
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join('; '))
  }
}

/** For an option that may be given several values: gathers them. */
export function eachChecked<T extends z.ZodType>(schema: T) {
  const one = checked(schema)
  return (text: string, before: readonly z.infer<T>[] | undefined): readonly z.infer<T>[] => [
    ...(before ?? []),
    one(text),
  ]
}

export const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d+$/, `It must be a whole number from ${low} to ${high}.`)
    .transform(Number)
    .refine(number => number >= low && number <= high, `It must be from ${low} to ${high}.`)

export const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'It must be a number of seconds.')
  .transform(Number)
  .refine(number => number > 0 && number <= 31_536_000, 'It must be above 0 and at most a year.')

/** A plain decimal above zero. */
export const amount = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'It must be a plain decimal, such as 0.015.')
  .transform(text => new Decimal(text))
  .refine(decimal => decimal.gt(0), 'It must be above zero.')

export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `It must be one of ${names.join(', ')}.` })

export const identity = z.string().transform((text, context) => {
  const found = parseIdentity(text)
  if (found) return found
  context.addIssue({ code: 'custom', message: 'It must be TOPIC/KEY/SOURCE/SEQ, such as orders/alder/execution/3.' })
  return z.NEVER
})

export const listOf = (what: z.ZodType<string, string>) =>
  z
    .string()
    .transform(text => text.split(',').map(part => part.trim()))
    .pipe(z.array(what).min(1))

export const text = (most: number) =>
  z.string().trim().min(1, 'It must not be empty.').max(most, `It must have ${most} characters at most.`)
