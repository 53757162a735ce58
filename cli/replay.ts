/** `tideway replay`: captures through the whole topology, as fast as the processor goes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ReplayResult, replay as replayCaptures } from '@tideway/stack'
import { openLocalLog } from '@tideway/stack/embedded'
import type { Settings } from '@tideway/stack/settings'
import { grouped } from '@tideway/stack/supervise'
import { isEventTopic, type Log } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import { z } from 'zod'
import { checked, listOf, oneOf, text, wholeNumber } from './arguments.ts'
import { UsageError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { note, say, sayJson, sayTable } from './print/out.ts'
import { ProgressBar } from './print/progress-bar.ts'
import { checkStrategies } from './strategies.ts'
import { optionsOf, settingsOf, verb } from './verb.ts'

const options = z.object({
  log: z.enum(['memory', 'local']),
  dir: z.string().optional(),
  partitions: z.number().optional(),
  shards: z.number().optional(),
  split: z.boolean().default(false),
  chunk: z.number().optional(),
  maxEvents: z.number().optional(),
  features: z.enum(['100ms', 'every-tick']),
  strategies: z.array(z.string()).optional(),
  hash: z.boolean(),
  json: z.boolean().default(false),
})
type Options = z.infer<typeof options>

export const replay = verb('replay', 'Replay captures through the whole topology against the simulated venue.', [
  'tideway replay btcusdt_20240809.gz --log memory',
  'tideway replay btc.gz eth.gz --log local --dir ./replayed   # kept, and gone on with after a kill',
  'tideway replay btc.gz --partitions 8 --shards 5 --json | jq .topics.orders.sha256',
])
  .argument('<capture...>', 'files of raw messages, merged by receive time')
  .option('--log <kind>', 'memory, or local: durable in a folder', checked(oneOf(['memory', 'local'])), 'memory')
  .option('--dir <folder>', 'with --log local: keep the log there, and go on with one that is there')
  .option('--partitions <n>', 'partitions of what is kept per symbol', checked(wholeNumber(1, 1024)))
  .option('--shards <n>', 'shards of what is kept per portfolio', checked(wholeNumber(1, 1024)))
  .option('--split', 'one task for each market stage instead of one for all of them')
  .option('--chunk <n>', 'messages of one commit of the feed', checked(wholeNumber(1, 10_000_000)))
  .option('--max-events <n>', 'events of one round of a task', checked(wholeNumber(1, 10_000_000)))
  .option('--features <when>', '100ms or every-tick', checked(oneOf(['100ms', 'every-tick'])), '100ms')
  .option('--strategies <names>', 'what the portfolios trade by, in turn', checked(listOf(text(32))))
  .option('--no-hash', 'leave the hashes out')
  .option('--json', 'one JSON object on standard output')
  .addHelpText(
    'after',
    `
The same captures give the same hashes on every log, for every layout, chunk and round.
Ten portfolios trade; see \`tideway strategies\` for what by. It exits with 5 where messages were set aside
as damaged: the rest was replayed, and the dead letters say which and why.
`,
  )
  .action(async (captures: string[], _, command) => {
    const chosen = optionsOf(options, command)
    if (chosen.dir !== undefined && chosen.log !== 'local') {
      throw new UsageError('--dir goes with --log local.', 'Add --log local, or leave --dir out.')
    }
    if (chosen.strategies) checkStrategies(chosen.strategies)
    const result = await run(captures, chosen, settingsOf(command))
    if (chosen.json) sayJson(result)
    else print(result, chosen)
    if (result.damaged > 0) process.exitCode = exitCodes.findings
  })

type Outcome = ReplayResult & {
  readonly wallSeconds: number
  /** Events of all topics, input and derived, in a second. */
  readonly eventsPerSecond: number
  readonly log: 'memory' | 'local'
  readonly partitions: number
  readonly shards: number
}

async function run(captures: readonly string[], chosen: Options, settings: Settings): Promise<Outcome> {
  const { dir, chunk, maxEvents, features, split, strategies, hash } = chosen
  const opened = await open(chosen, settings)
  const bar = new ProgressBar('messages')
  try {
    const { log } = opened
    const began = performance.now()
    const result = await replayCaptures({
      log,
      captures,
      split,
      hash,
      featuresEveryTick: features === 'every-tick',
      ...(chunk === undefined ? {} : { chunk }),
      ...(maxEvents === undefined ? {} : { tasks: { maxEvents } }),
      ...(strategies === undefined ? {} : { strategies }),
      onProgress: ({ bytesRead, bytesTotal, messages }) =>
        bar.show({ done: bytesRead, total: bytesTotal, count: messages }),
    })
    bar.end()
    const wallSeconds = (performance.now() - began) / 1000
    const events = Object.entries(result.topics).reduce(
      (sum, [topic, { count }]) => (isEventTopic(topic as Parameters<typeof isEventTopic>[0]) ? sum + count : sum),
      0,
    )
    const { partitions, shards } = log.layout
    const { log: kind } = chosen
    return { ...result, wallSeconds, eventsPerSecond: events / wallSeconds, log: kind, partitions, shards }
  } finally {
    bar.end()
    await opened.close()
    if (dir !== undefined) note(`The log is in ${dir}; ask it with --home ${dir}.`)
  }
}

interface OpenedLog {
  readonly log: Log
  close(): Promise<void>
}

async function open({ log: kind, dir, partitions, shards }: Options, settings: Settings): Promise<OpenedLog> {
  const layout = { partitions: partitions ?? settings.TIDEWAY_PARTITIONS, shards: shards ?? settings.TIDEWAY_SHARDS }
  if (kind === 'memory') {
    const log = new MemoryLog({ layout })
    return { log, close: () => log.close() }
  }
  const home = dir ?? mkdtempSync(join(tmpdir(), 'tideway-replay-'))
  const discard = () => dir ?? rmSync(home, { recursive: true, force: true })
  const interrupted = () => {
    discard()
    process.exit(exitCodes.failed)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupted)
  const log = await openLocalLog({
    ...settings,
    TIDEWAY_HOME: home,
    TIDEWAY_PARTITIONS: layout.partitions,
    TIDEWAY_SHARDS: layout.shards,
  })
  const isOther = (asked: number | undefined, is: number) => asked !== undefined && asked !== is
  if (isOther(partitions, log.layout.partitions) || isOther(shards, log.layout.shards)) {
    await log.close()
    throw new UsageError(
      `The log in ${home} has ${log.layout.partitions} partitions and ${log.layout.shards} shards.`,
      'They are fixed when a log is created: leave --partitions and --shards out, or name another folder.',
    )
  }
  return {
    log,
    async close() {
      await log.close()
      discard()
    },
  }
}

function print(result: Outcome, { log, hash }: Options): void {
  const counted = Object.entries(result.topics).filter(([, { count }]) => count > 0)
  const head = ['topic', 'events', ...(hash ? ['sha256'] : [])]
  const rows = counted.map(([topic, { count, sha256 = '' }]) => [topic, grouped(count), ...(hash ? [sha256] : [])])
  sayTable([head, ...rows], [1])
  say('')
  const { orders, fills, realised, unrealised, fees, equity, messages, damaged, inferred } = result
  const { wallSeconds, eventsPerSecond, partitions, shards } = result
  sayTable([
    ['messages', `${grouped(messages)}${damaged > 0 ? `, ${grouped(damaged)} of them set aside (dlq.ticks)` : ''}`],
    ['orders', grouped(orders)],
    ['fills', grouped(fills)],
    ['realised', realised],
    ['unrealised', unrealised],
    ['fees', fees],
    ['equity', equity],
    ['wall time', `${wallSeconds.toFixed(2)} s`],
    ['events/s', grouped(Math.round(eventsPerSecond))],
    ['log', `${log}, ${partitions} partitions, ${shards} shards`],
  ])
  for (const symbol of inferred) {
    note(
      `note: tick and lot of ${symbol} were inferred from the capture; its fees are those of the venue's public table`,
    )
  }
}
