/** What the command line says of itself, and of calls that it cannot understand. */
import type { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { program } from './program.ts'
import { Place } from './testing/tideway.ts'

const place = new Place()
afterAll(() => place.discard())

const verbsOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(each => verbsOf(each as Command))

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: part => (text += part) })
  command.outputHelp()
  return text
}

describe('help', () => {
  it.each(verbsOf(program).map(verb => [verb.name(), verb] as const))(
    'of %s has examples that call it',
    (name, verb) => {
      const help = helpOf(verb)
      expect(help).toContain('Examples:\n  tideway ')
      expect(help).toContain(name)
      expect(help).toContain('--home <folder>')
      for (const { flags, description } of verb.options) expect(description, flags).not.toBe('')
    },
  )

  it('of the whole names every exit code', async () => {
    const { code, stdout, stderr } = await place.run(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const number of [0, 1, 2, 3, 4, 5]) expect(stdout).toMatch(new RegExp(`^ {2}${number} {2}`, 'm'))
  })
})

describe('a call that cannot be understood', () => {
  it.each([
    [['nonsense'], /unknown command/],
    [['topics', '--nonsense'], /unknown option/],
    [['replay'], /missing required argument/],
    [['replay', 'x.gz', '--partitions', '0'], /from 1 to 1024/],
    [['replay', 'x.gz', '--dir', 'y'], /--dir goes with --log local/],
    [['lineage', 'nonsense'], /TOPIC\/KEY\/SOURCE\/SEQ/],
    [['lineage', 'nonsense/a/b/1'], /no log|no topic of events/],
    [['command', 'order', 'alder', 'simulated:BTC/USDT', 'hold', '1'], /one of buy, sell/],
    [['command', 'order', 'alder', 'simulated:BTC/USDT', 'buy', '1e3'], /plain decimal/],
    [['command', 'limits', 'alder'], /No limit is given/],
  ] as const)('%j', async (args, says) => {
    const { code, stderr, stdout } = await place.run(args)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(stdout).toBe('')
    expect(code).toBe(args[1] === 'nonsense/a/b/1' ? 3 : 2)
  })

  it('names the setting that is wrong, and what it may be', async () => {
    const { code, stderr } = await place.run(['topics'], { TIDEWAY_SHARDS: '0', TIDEWAY_NONSENSE: '1' })
    expect(code).toBe(2)
    expect(stderr).toContain('TIDEWAY_SHARDS=0')
    expect(stderr).toContain('TIDEWAY_NONSENSE: no such setting')
  })
})

describe('what is not there', () => {
  it.each([
    [['topics'], 3, 'There is no log in .tideway'],
    [['dlq', 'list'], 3, 'There is no log in .tideway'],
    [['command', 'halt'], 3, 'There is no log in .tideway'],
    [['replay', 'nowhere.gz'], 3, 'nowhere.gz'],
  ] as const)('%j ends with %i', async (args, code, says) => {
    const ran = await place.run(args)
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(says)])
    expect(ran.stderr).toContain('what to do: ')
  })

  it('shows the stack of an error only where it was asked for', async () => {
    expect((await place.run(['topics', '--debug'])).stderr).toMatch(/^ {4}at /m)
  })
})

it('a machine without a log is examined without making one', async () => {
  const { code, stdout } = await place.run(['doctor', '--json'])
  const { checks } = JSON.parse(stdout) as { checks: { name: string; result: string; says: string }[] }
  expect(checks.filter(({ result }) => result === 'finding')).toEqual([])
  expect(code).toBe(0)
  expect(checks).toContainEqual({ name: 'log', result: 'note', says: 'there is none yet' })
  expect((await place.run(['topics'])).code).toBe(3)
})

it('a simulation is run by its seed', async () => {
  const { passed, failed } = await place.json<{ passed: { seed: number }[]; failed: unknown[] }>([
    ...['simulate', '--seed', '7', '--seeds', '2', '--steps', '40'],
  ])
  expect(passed.map(({ seed }) => seed)).toEqual([7, 8])
  expect(failed).toEqual([])
})
