/** Numbers that an assignment may set, with their defaults and bounds. */
import { StrategyError } from './errors.ts'

export interface Parameter {
  readonly value: number
  readonly min: number
  readonly max: number
  /** What it does and its unit, for people. */
  readonly about: string
}

export type Parameters = Readonly<Record<string, Parameter>>
export type ParameterValues<P> = { readonly [K in keyof P]: number }

/** Throws StrategyError where a default lies outside of its own bounds. */
export function checkDefaults(strategy: string, parameters: Parameters): void {
  for (const name of Object.keys(parameters)) checked(strategy, parameters, name, parameters[name]?.value)
}

/** The defaults with what the assignment sets; throws StrategyError for a name or number that is not allowed. */
export function resolveParameters(
  strategy: string,
  parameters: Parameters,
  set: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const name of Object.keys(set)) {
    if (!Object.hasOwn(parameters, name)) {
      const known = Object.keys(parameters).join(', ')
      throw new StrategyError(strategy, `has no parameter ${name}; it has ${known || 'none'}`)
    }
  }
  return Object.fromEntries(
    Object.keys(parameters).map(name => [
      name,
      checked(strategy, parameters, name, set[name] ?? parameters[name]?.value),
    ]),
  )
}

function checked(strategy: string, parameters: Parameters, name: string, value: number | undefined): number {
  const { min = Number.NaN, max = Number.NaN } = parameters[name] ?? {}
  if (value === undefined || !(value >= min && value <= max)) {
    throw new StrategyError(strategy, `${name} is ${value}; it must lie between ${min} and ${max}`)
  }
  return value
}
