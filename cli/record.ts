/** `tideway record`: the simulated market, written as captures that `tideway replay` reads. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  type CaptureWriter,
  createCapture,
  SIMULATED_VENUE,
  simulatedInstruments,
  simulatedMarket,
} from '@tideway/connectors'
import { systemClock } from '@tideway/resilience'
import { grouped } from '@tideway/stack/supervise'
import { z } from 'zod'
import { checked, eachChecked, listOf, oneOf, seconds, text, wholeNumber } from './arguments.ts'
import { UsageError } from './errors.ts'
import { say, sayJson } from './print/out.ts'
import { ProgressBar } from './print/progress-bar.ts'
import { optionsOf, verb } from './verb.ts'

/** Where virtual time begins, so that the same seed gives the same file: 2024-01-01T00:00:00Z. */
const VIRTUAL_START = 1_704_067_200_000_000
const BEAT_MILLIS = 100
const PLACEHOLDER = '{symbol}'

const known = simulatedInstruments().map(({ venueSymbol }) => venueSymbol)
const [firstKnown = '', ...otherKnown] = known

const options = z.object({
  out: z.array(z.string()),
  seconds: z.number(),
  seed: z.number(),
  symbols: z.array(z.string()),
  virtual: z.boolean().default(false),
  json: z.boolean().default(false),
})
type Options = z.infer<typeof options>

export const record = verb('record', 'Record the simulated market as captures, one file a symbol.', [
  'tideway record --out btc.gz --symbols BTCUSDT --seconds 60 --virtual',
  'tideway record --out recorded/{symbol}.gz --seconds 3600 --virtual --seed 7',
  'tideway replay recorded/*.gz',
])
  .requiredOption(
    '--out <file...>',
    `one file a symbol, or one name with ${PLACEHOLDER} in it`,
    eachChecked(text(4_000)),
  )
  .option('--seconds <n>', 'how long', checked(seconds), 60)
  .option('--seed <n>', 'seed of the market', checked(wholeNumber(0, 2 ** 31)), 1)
  .option(
    '--symbols <list>',
    `of ${known.join(', ')}; all of them where absent`,
    checked(listOf(oneOf([firstKnown, ...otherKnown]))),
    known,
  )
  .option('--virtual', 'as fast as it goes, from 2024-01-01: the same seed gives the same messages')
  .option('--json', 'one JSON object on standard output')
  .addHelpText('after', '\nA file that is there is not overwritten. Ctrl-C ends a recording; what it has is whole.\n')
  .action(async (_, command) => {
    const chosen = optionsOf(options, command)
    const files = filesOf(chosen)
    const recorded = await recordTo(files, chosen)
    if (chosen.json) return sayJson({ seed: chosen.seed, files: recorded })
    for (const { path, symbol, messages } of recorded) say(`${path}: ${grouped(messages)} messages of ${symbol}`)
  })

function filesOf({ out, symbols }: Options): Map<string, string> {
  const [first = ''] = out
  if (new Set(symbols).size < symbols.length) throw new UsageError('A symbol is named twice.', 'Name each once.')
  if (out.length === 1 && first.includes(PLACEHOLDER)) {
    return new Map(symbols.map(symbol => [symbol, first.replaceAll(PLACEHOLDER, symbol)]))
  }
  if (out.length !== symbols.length || new Set(out).size < out.length) {
    throw new UsageError(
      `There are ${symbols.length} symbols (${symbols.join(', ')}) and ${new Set(out).size} files.`,
      `Name one file a symbol, or one with ${PLACEHOLDER} in it; choose symbols with --symbols.`,
    )
  }
  return new Map(symbols.map((symbol, at) => [symbol, out[at] ?? '']))
}

interface Recorded {
  readonly symbol: string
  readonly path: string
  messages: number
}

async function recordTo(files: ReadonlyMap<string, string>, { seconds, seed, virtual, symbols }: Options) {
  const writers = new Map<string, CaptureWriter>()
  const recorded = new Map<string, Recorded>()
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  const bar = new ProgressBar('messages')
  let count = 0
  try {
    for (const [symbol, path] of files) {
      mkdirSync(dirname(path), { recursive: true })
      writers.set(symbol, await createCapture(path, { venue: SIMULATED_VENUE, symbol }))
      recorded.set(symbol, { symbol, path, messages: 0 })
    }
    const start = virtual ? VIRTUAL_START : systemClock.now()
    const end = start + seconds * 1e6
    const market = simulatedMarket({ seed, symbols, startMicros: start })
    for (let until = start; until < end && !stopping.signal.aborted; ) {
      if (!virtual) await setTimeout(BEAT_MILLIS, undefined, { signal: stopping.signal }).catch(() => {})
      until = Math.min(end, virtual ? until + 1e6 : systemClock.now())
      for (const { time, venueSymbol, raw } of market.until(until)) {
        await writers.get(venueSymbol)?.write(time, raw)
        const file = recorded.get(venueSymbol)
        if (file) file.messages++
        count++
      }
      bar.show({ done: until - start, total: end - start, count })
    }
  } finally {
    bar.end()
    for (const writer of writers.values()) await writer.close()
  }
  return [...recorded.values()]
}
