/** Strategies as the command line names them: `momentum`, `momentum:enter=2,leave=0.5`. */
import { z } from 'zod'

export interface NamedStrategy {
  readonly name: string
  readonly parameters: Readonly<Record<string, number>>
}

const PATTERN = /^([a-z][a-z0-9-]*)(?::(\w+=[-+.\deE]+(?:,\w+=[-+.\deE]+)*))?$/

export const namedStrategy = z.string().transform((text, context): NamedStrategy => {
  const [, name, list] = PATTERN.exec(text) ?? []
  const pairs = (list ?? '').split(',').filter(pair => pair !== '')
  const parameters = Object.fromEntries(
    pairs.map(pair => {
      const [parameter = '', value = ''] = pair.split('=')
      return [parameter, Number(value)]
    }),
  )
  if (name === undefined || Object.values(parameters).some(value => !Number.isFinite(value))) {
    context.addIssue({ code: 'custom', message: 'It must be NAME or NAME:PARAMETER=NUMBER,... .' })
    return z.NEVER
  }
  return { name, parameters }
})
