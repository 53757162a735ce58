/** What all verbs share: the options that stand on every one, and how they are read. */
import { type Settings, settingsFrom } from '@tideway/stack/settings'
import { Command } from 'commander'
import { z } from 'zod'
import { UsageError } from './errors.ts'

/** A verb with its examples; `examples` are whole lines of a terminal. */
export function verb(name: string, about: string, examples: readonly string[]): Command {
  const command = new Command(name).description(about)
  command.addHelpText('after', `\nExamples:\n${examples.map(line => `  ${line}`).join('\n')}`)
  return command
}

const globals = z.object({ home: z.string().min(1).optional(), debug: z.boolean().optional() })

/** The settings of the environment, with what the command line says of them. Throws SettingsError. */
export function settingsOf(command: Command, changes: Partial<Settings> = {}): Settings {
  const { home } = globals.parse(command.optsWithGlobals())
  return { ...settingsFrom(), ...(home === undefined ? {} : { TIDEWAY_HOME: home }), ...changes }
}

/** What the options of a verb are: its schema says. Throws UsageError. */
export function optionsOf<T extends z.ZodType>(schema: T, command: Command): z.infer<T> {
  const parsed = schema.safeParse(command.optsWithGlobals())
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '))
  throw new UsageError(issues.join('; '), `See \`tideway ${pathOf(command)} --help\`.`)
}

function pathOf(command: Command): string {
  const names: string[] = []
  for (let each: Command | null = command; each?.parent; each = each.parent) names.unshift(each.name())
  return names.join(' ')
}
