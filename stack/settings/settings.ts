/** Settings say where things are and how much of them there is; what changes a decision is an event. One zod schema a
 *  process, laptop defaults, documented here once; `settingsFrom` is the only reader of the environment. */
import { z } from 'zod'

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high)

export const settingsSchema = z.object({
  TIDEWAY_HOME: z.string().min(1).default('.tideway').describe('Folder of the local log and of what belongs to it'),
  TIDEWAY_PARTITIONS: whole(1, 1024)
    .default(4)
    .describe('Partitions of what is kept per symbol; fixed when a log is created'),
  TIDEWAY_SHARDS: whole(1, 1024)
    .default(2)
    .describe('Shards of what is kept per portfolio; fixed when a log is created'),
  TIDEWAY_DURABILITY: z
    .enum(['process', 'power'])
    .default('process')
    .describe('process: commits survive a kill; power: every commit is also synced to the disk'),
  TIDEWAY_MAX_RECORD_BYTES: whole(1 << 10, 1 << 28)
    .default(8 << 20)
    .describe('A larger record is refused and set aside'),
  TIDEWAY_HTTP_PORT: whole(0, 65_535)
    .default(9464)
    .describe('Loopback port of /metrics, /livez and /readyz; 0 takes any free one'),
  TIDEWAY_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level of the log lines'),
  TIDEWAY_MARKET_SEED: whole(0, 2 ** 31)
    .default(1)
    .describe('Seed of the simulated market of a new log'),
})

export type Settings = z.infer<typeof settingsSchema>

export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** Throws SettingsError that names every bad variable, what it holds and what it may hold. */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('TIDEWAY_') && value !== ''),
  )
  const unknown = Object.keys(given).filter(name => !(name in settingsSchema.shape))
  const parsed = settingsSchema.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        issue => `${issue.path.join('.')}=${String(given[String(issue.path[0])])}: ${issue.message}`,
      )
  for (const name of unknown)
    problems.push(`${name}: no such setting; known are ${Object.keys(settingsSchema.shape).join(', ')}`)
  if (!parsed.success || problems.length > 0) throw new SettingsError(`settings:\n  ${problems.join('\n  ')}`)
  return parsed.data
}

/** Settings as they may be printed: what could be a secret is hidden. */
export function redacted(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      /KEY|SECRET|TOKEN|PASSWORD/.test(name) ? '(hidden)' : value,
    ]),
  )
}
