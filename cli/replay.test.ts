/** Recordings and replays, as scripts call them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Place } from './testing/tideway.ts'

interface Replayed {
  readonly topics: Readonly<Record<string, { readonly count: number; readonly sha256?: string }>>
  readonly orders: number
  readonly fills: number
  readonly messages: number
  readonly damaged: number
}

const place = new Place()
const [btc, eth] = [place.path('BTCUSDT.gz'), place.path('ETHUSDT.gz')]
const record = ['record', '--symbols', 'BTCUSDT,ETHUSDT', '--seconds', '40', '--seed', '3', '--virtual']

beforeAll(async () => {
  await place.json([...record, '--out', place.path('{symbol}.gz')])
})
afterAll(() => place.discard())

const hashes = ({ topics }: Replayed) =>
  Object.fromEntries(Object.entries(topics).map(([name, each]) => [name, each.sha256]))

describe('record', () => {
  it('writes the same bytes for the same seed, one file a symbol, and overwrites none', async () => {
    const [a, b] = [place.path('a.gz'), place.path('b.gz')]
    const { files } = await place.json<{ files: { symbol: string; path: string; messages: number }[] }>([
      ...record,
      ...['--out', a, b],
    ])
    expect(files.map(({ symbol, path }) => [symbol, path])).toEqual([
      ['BTCUSDT', a],
      ['ETHUSDT', b],
    ])
    expect(readFileSync(a).equals(readFileSync(btc))).toBe(true)
    const again = await place.run([...record, '--out', a, b])
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/a\.gz: .*EEXIST.*\nwhat to do: /s)
  })

  it('says what is wrong with its files', async () => {
    const { code, stderr } = await place.run([...record, '--out', place.path('one.gz')])
    expect(code).toBe(2)
    expect(stderr).toContain('There are 2 symbols (BTCUSDT, ETHUSDT) and 1 files')
  })
})

describe('replay', () => {
  let memory: Replayed

  beforeAll(async () => {
    memory = await place.json<Replayed>(['replay', btc, eth, '--log', 'memory'])
  })

  it('prints one JSON object with counts, hashes and money', () => {
    const text = expect.stringMatching(/^-?\d+(\.\d+)?$/)
    const number = expect.any(Number)
    expect(memory).toEqual({
      ...{ topics: expect.any(Object), orders: number, intents: number, denials: number, fills: number },
      ...{ equity: text, realised: text, unrealised: text, fees: text, messages: number, damaged: 0, inferred: [] },
      ...{ wallSeconds: number, eventsPerSecond: number, log: 'memory', partitions: 4, shards: 2 },
    })
    expect(memory.topics.config).toEqual({ count: 22 })
    expect(memory.topics.orders).toEqual({ count: number, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(memory.messages).toBe(memory.topics.ticks?.count)
    expect(memory.orders).toBeGreaterThan(0)
  })

  it('gives the same hashes on the local log, in another layout and other portions', async () => {
    const layout = ['--partitions', '3', '--shards', '5', '--split', '--chunk', '500', '--max-events', '100']
    const local = await place.json<Replayed>(['replay', eth, btc, '--log', 'local', ...layout])
    expect(hashes(local)).toEqual(hashes(memory))
  })

  it('keeps its log in the folder that is named, and goes on with it', async () => {
    const dir = place.path('kept')
    const local = ['replay', btc, eth, '--log', 'local', '--dir', dir]
    const child = place.spawn([...local, '--chunk', '50'])
    const died = new Promise(resolve => child.once('close', resolve))
    setTimeout(() => child.kill('SIGKILL'), 900)
    await died
    const resumed = await place.json<Replayed>(local)
    expect(hashes(resumed)).toEqual(hashes(memory))
    expect(resumed.messages).toBe(memory.messages)
    const { topics } = await place.json<{ topics: { topic: string; count: number }[] }>(['topics', '--home', dir])
    expect(topics.find(({ topic }) => topic === 'ticks')?.count).toBe(memory.messages)
    const other = await place.run([...local, '--partitions', '5'])
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('has 4 partitions and 2 shards')
  })

  it('prints a table for people, and leaves hashes out on request', async () => {
    const { code, stdout } = await place.run(['replay', btc, '--no-hash', '--features', 'every-tick'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ticks +\d[ \d]*$/m)
    expect(stdout).toMatch(/^orders +\d/m)
    expect(stdout).not.toMatch(/[0-9a-f]{64}/)
  })

  it('trades by the strategies that are named', async () => {
    const one = await place.json<Replayed>(['replay', btc, '--strategies', 'momentum'])
    expect(one.topics.orders?.sha256).not.toBe(memory.topics.orders?.sha256)
    const unknown = await place.run(['replay', btc, '--strategies', 'astrology'])
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('There is no strategy "astrology"')])
  })

  it('ends with 5 where messages were set aside, and says which', async () => {
    const lines = gunzipSync(readFileSync(btc)).toString().split('\n')
    lines.splice(100, 0, `${lines[100]?.split(' ')[0]} {"e":"trade","s":"BTC`)
    const damaged = place.path('damaged')
    writeFileSync(damaged, lines.join('\n'))
    const dir = place.path('damaged-log')
    const { code, stdout } = await place.run(['replay', damaged, '--log', 'local', '--dir', dir, '--json'])
    expect(code).toBe(5)
    expect((JSON.parse(stdout) as Replayed).damaged).toBe(1)
    const list = await place.run(['dlq', 'list', '--home', dir])
    expect(list.code).toBe(5)
    expect(list.stdout).toMatch(/dlq\.ticks\/0 .* simulated:BTC\/USDT .* not-json/)
    const replay = await place.run(['dlq', 'replay', 'dlq.ticks/0', '--home', dir])
    expect([replay.code, replay.stderr]).toEqual([4, expect.stringContaining('No engine runs on')])
  })
})
