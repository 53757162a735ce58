/** The template of the environment and the settings' schema say the same. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { repository, repositoryRoot } from './testing/repository.ts'

/** What of a zod object this test looks at. */
interface Schema {
  readonly shape: Readonly<Record<string, { readonly description?: string | undefined }>>
  parse(value: unknown): Readonly<Record<string, unknown>>
}

const door = './settings'
const isThere = door in (repository.manifest('stack').exports ?? {})
const name = `@tideway/stack${door.slice(1)}`

interface Line {
  readonly variable: string
  readonly value: string
  readonly comment: string
}

/** `# comment` above `NAME=value`. */
function linesOf(text: string): Line[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const [, variable, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []
    if (variable === undefined || value === undefined) return []
    return [{ variable, value, comment: (lines[index - 1] ?? '').replace(/^#\s*/, '') }]
  })
}

describe('the template of the environment [SEC-01]', () => {
  const text = repository.text('.env.example')

  it.skipIf(!isThere)(
    `names every setting with its default and its meaning${isThere ? '' : ` (no door ${name})`}`,
    async () => {
      const { settingsSchema } = (await import(name)) as { settingsSchema: Schema }
      const defaults = settingsSchema.parse({})
      const wanted = Object.entries(settingsSchema.shape).map(([variable, { description }]) => ({
        variable,
        value: String(defaults[variable] ?? ''),
        comment: description,
      }))
      expect(linesOf(text)).toEqual(wanted)
    },
  )

  it('is what Node reads: a copy of it as .env starts with the same values', () => {
    const lines = linesOf(text)
    const print = 'process.stdout.write(JSON.stringify(process.env))'
    const args = ['--env-file', '.env.example', '-e', print]
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: repositoryRoot, env: {}, encoding: 'utf8' })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject(Object.fromEntries(lines.map(({ variable, value }) => [variable, value])))
  })

  it('stays a template: .env itself is never committed', () => {
    expect(repository.text('.gitignore').split('\n')).toContain('.env')
    const { status } = spawnSync('git', ['ls-files', '--error-unmatch', '.env'], { cwd: repositoryRoot })
    expect(status).not.toBe(0)
  })

  it('holds no secret: what could be one is empty', () => {
    const filled = linesOf(text).filter(
      ({ variable, value }) => /KEY|SECRET|TOKEN|PASSWORD/.test(variable) && value !== '',
    )
    expect(filled).toEqual([])
  })
})
