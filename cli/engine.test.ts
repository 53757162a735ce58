/** The engine as a person has it: started, asked, commanded, killed, started again. One engine's life, step by step. */
import { existsSync, readdirSync } from 'node:fs'
import { type Identity, parseIdentity, partitionsOf } from '@tideway/schemas'
import { logFolderOf } from '@tideway/stack/embedded'
import { findEvent, lineageOf } from '@tideway/stack/query'
import type { Status } from '@tideway/stack/supervise'
import { connectLog, type RemoteLog } from '@tideway/streams/log/local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lives, Place, type Running, until } from './testing/tideway.ts'

const place = new Place()
const home = place.path('home')
const here = ['--home', home]
let running: Running
let history: string[] = []

beforeAll(() => {
  running = place.start(here)
})
afterAll(async () => {
  running.child.kill('SIGKILL')
  await running.ended
  place.discard()
})

async function connected<T>(body: (log: RemoteLog) => Promise<T>): Promise<T> {
  const log = await connectLog(logFolderOf(home))
  if (!log) throw new Error('no engine answers')
  try {
    return await body(log)
  } finally {
    await log.close()
  }
}

/** Every order event of the log, byte by byte, by partition. */
const ordersOf = (log: RemoteLog) =>
  Promise.all(
    Array.from({ length: partitionsOf('orders', log.layout) }, async (_, partition) => {
      const { records } = await log.read('orders', partition, 0, { records: 10_000, bytes: 4 << 20 })
      return records.map(({ value }) => Buffer.from(value).toString('base64'))
    }),
  ).then(partitions => partitions.map(each => each.join(' ')))

const positionsOf = ({ portfolios }: Status) => portfolios.map(({ portfolio, positions }) => [portfolio, positions])

describe('an engine [INFRA-10]', () => {
  it('starts with nothing but a folder, and is ready', async () => {
    const { url, layout, folder } = await running.opened()
    expect(layout).toEqual({ partitions: 4, shards: 2 })
    expect(folder).toBe(logFolderOf(home))
    const probe = async (path: string) => {
      const answer = await fetch(url + path)
      return [answer.status, await answer.json()]
    }
    await running.status(({ ticksPerSecond }) => ticksPerSecond > 0)
    const ok = { ok: true }
    expect(await probe('/readyz')).toEqual([200, { status: 'ok', checks: { tasks: ok, log: ok } }])
    expect(await probe('/livez')).toEqual([200, { status: 'ok', checks: { beats: ok } }])
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/^tideway_stage_events_in_total\{stage="book"\} [1-9]/m)
    expect(metrics).toMatch(/^tideway_task_lag_records\{task="trading-0"\}/m)
  })

  it('trades on paper by itself', async () => {
    const status = await running.status(({ orders, fills }) => orders > 0 && fills > 0)
    expect(status.portfolios.map(({ portfolio }) => portfolio)).toContain('alder')
    expect(status.stages.map(({ stage }) => stage).sort()).toEqual(
      ['book', 'candles', 'execution', 'features', 'portfolio', 'risk', 'strategy', 'venue-sim'].sort(),
    )
    expect(status.deadLetters).toBe(0)
  })

  it('answers questions while it runs', async () => {
    const { engine, topics } = await place.json<{ engine: boolean; topics: { topic: string; count: number }[] }>([
      'topics',
      ...here,
    ])
    expect(engine).toBe(true)
    expect(topics.find(({ topic }) => topic === 'ticks')?.count).toBeGreaterThan(100)
    const portfolios = await place.json<{ name: string }[]>(['portfolio', 'list', ...here])
    expect(portfolios).toHaveLength(10)
  })

  it('takes a manual order through risk, and says what risk said', async () => {
    const order = ['command', 'order', 'alder', 'simulated:BTC/USDT', 'buy']
    const taken = await place.json<{ order: string; verdict: { type: string } }>([...order, '0.01', ...here])
    expect(taken).toMatchObject({ order: expect.stringMatching(/^orders\/alder\/execution\/\d+$/) })
    expect(taken.verdict.type).toBe('OrderApproved')

    const { code, stdout } = await place.run([...order, '5', ...here])
    expect(code).toBe(1)
    expect(stdout).toMatch(/denied by orderNotional: .* limit 5000; .* would pass/)
  })

  it('walks from a fill back to its command, its verdict and the ticks', async () => {
    const { order } = await place.json<{ order: string }>([
      ...['command', 'order', 'birch', 'simulated:ETH/USDT', 'buy', '0.1'],
      ...here,
    ])
    await until(() =>
      connected(async log => {
        const { story } = await lineageOf(log, parseIdentity(order) as Identity)
        return (story?.fills.length ?? 0) > 0
      }),
    )
    const { stdout } = await place.run(['lineage', order, ...here])
    expect(stdout).toContain(`Order ${order}`)
    for (const part of ['OrderApproved', 'FillRecorded', 'SubmitOrder', 'ticks/simulated:ETH/USDT', 'features/'])
      expect(stdout).toContain(part)
  })

  it('sets a command aside that cannot be carried out, and takes it again on request [REL-06]', async () => {
    await place.run(['command', 'cancel', 'orders/alder/execution/99999', ...here])
    await running.status(({ deadLetters }) => deadLetters > 0)
    const { stdout, code } = await place.run(['dlq', 'list', '--json', ...here])
    expect(code).toBe(5)
    const letters = JSON.parse(stdout) as { id: string; stage: string; key: string }[]
    expect(letters).toMatchObject([{ id: 'dlq.commands/0', stage: 'execution', key: 'alder', topic: 'commands' }])
    const shown = await place.run(['dlq', 'show', 'dlq.commands/0', ...here])
    expect(shown.stdout).toContain('is no order of the recent past')
    const { event } = await place.json<{ event: string }>(['dlq', 'replay', 'dlq.commands/0', ...here])
    const replayed = await connected(log => findEvent(log, parseIdentity(event) as Identity))
    expect(replayed).toMatchObject({
      event: { type: 'CancelOrder', replayOf: { topic: 'commands', key: 'alder', source: 'cli' } },
    })
  })

  it('refuses what names nothing, without a trace in the log', async () => {
    const before = await running.status(() => true)
    const refused: readonly (readonly [args: readonly string[], code: number])[] = [
      [['command', 'order', 'nobody', 'simulated:BTC/USDT', 'buy', '1'], 3],
      [['portfolio', 'assign', 'alder', '--strategy', 'astrology'], 3],
      [['portfolio', 'assign', 'alder', '--strategy', 'momentum:enter=101'], 2],
      [['dlq', 'replay', 'dlq.ticks/0'], 3],
      [['lineage', 'orders/alder/execution/123456'], 3],
    ]
    const ran = await Promise.all(refused.map(([args]) => place.run([...args, ...here])))
    expect(ran.map(({ code }) => code)).toEqual(refused.map(([, code]) => code))
    for (const { stderr } of ran) expect(stderr).toMatch(/^error: .+\nwhat to do: .+\n$/)
    expect((await running.status(() => true)).deadLetters).toBe(before.deadLetters)
  })

  it('is started again by its supervisor when it is killed, and goes on', async () => {
    const { pid } = await running.opened()
    history = await connected(ordersOf)
    const at = running.told.length
    process.kill(pid, 'SIGKILL')
    const again = await running.opened(at)
    expect(again.pid).not.toBe(pid)
    expect(running.told.slice(at).some(told => told.kind === 'restart')).toBe(true)
    const after = await connected(ordersOf)
    for (const [partition, orders] of history.entries()) expect(after[partition]?.startsWith(orders)).toBe(true)
    const { order } = await place.json<{ order: string }>([
      ...['command', 'order', 'alder', 'simulated:BTC/USDT', 'buy', '0.01'],
      ...here,
    ])
    expect(order).toMatch(/^orders\/alder/)
  })

  it('takes no new risk once it is halted', async () => {
    const { command } = await place.json<{ command: string }>(['command', 'halt', '--reason', 'a test', ...here])
    expect(command).toMatch(/^commands\/\*\/cli\/\d+$/)
    const { orders } = await running.status(({ portfolios }) => portfolios.every(({ halted }) => halted))
    const { code, stdout } = await place.run([
      ...['command', 'order', 'alder', 'simulated:BTC/USDT', 'buy', '0.01'],
      ...here,
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('denied by')
    expect((await running.status(() => true)).orders).toBe(orders)
  })

  it('ends with its supervisor, and a later start has the same positions, orders and history', async () => {
    const before = await running.status(() => true)
    history = await connected(ordersOf)
    const { pid } = running.told.findLast(told => told.kind === 'opened')?.opened ?? { pid: 0 }
    running.child.kill('SIGKILL')
    await until(() => !lives(pid))

    running = place.start(here)
    const after = await running.status(({ portfolios }) => portfolios.length > 0)
    expect(positionsOf(after)).toEqual(positionsOf(before))
    expect(after.orders).toBe(before.orders)
    expect(after.portfolios.every(({ halted }) => halted)).toBe(true)
    expect(await connected(ordersOf)).toEqual(history)
    await place.run(['command', 'resume', ...here])
    await running.status(({ portfolios }) => portfolios.every(({ halted }) => !halted))
  })

  it('stops cleanly, says where everything is, and answers from its folder', async () => {
    expect(await running.stop()).toBe(0)
    expect(running.told.at(-1)).toEqual({ kind: 'stopped' })
    expect(running.stderr).toContain(`Everything is in ${home}`)
    const { engine } = await place.json<{ engine: boolean }>(['topics', ...here])
    expect(engine).toBe(false)
    const { code, stdout } = await place.run(['doctor', ...here])
    expect(code, stdout).toBe(0)
    expect((await place.run(['command', 'halt', ...here])).code).toBe(4)
    expect(readdirSync(logFolderOf(home)).filter(file => file.startsWith('engine'))).toEqual([])
    expect(existsSync(place.path('.tideway'))).toBe(false)
  })
})
