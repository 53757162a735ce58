/** Captures that the acceptance tests replay: the shared recordings of real markets, beginnings of them, and recordings
 *  of the simulated market, which need nothing but this repository. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCapture, readCapture, SIMULATED_VENUE, simulatedMarket } from '@tideway/connectors'

const shared = new URL('../../../../shared/data/', import.meta.url).pathname

/** Captures of real markets, by name. */
export const real = {
  'spot-btcusdt': join(shared, 'binance-spot/btcusdt_20240809.gz'),
  'spot-ethusdt': join(shared, 'binance-spot/ethusdt_20240809.gz'),
  'usdm-btcusdt': join(shared, 'binance-usdm/btcusdt_20240808.gz'),
  'usdm-ethusdt': join(shared, 'binance-usdm/ethusdt_20240808.gz'),
  'coinm-btcusd': join(shared, 'binance-captures/cm_btcusd_perp_20240808.gz'),
} as const

export type RealCapture = keyof typeof real

/** What is missing of the shared captures; empty where all are there. */
export const missing: readonly string[] = Object.values(real).filter(path => !existsSync(path))

/** Puts the reason beside a title where the captures are not there. */
export function withCaptures(title: string): string {
  return missing.length === 0 ? title : `${title} (skipped: no shared captures at ${shared})`
}

/** A folder in the system's own for temporary files; `discard` removes it. */
export function scratch(name: string): { readonly folder: string; readonly discard: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `tideway-${name}-`))
  return { folder, discard: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Lines of a capture as they stand in it, from the first, without line feeds. */
export async function linesOf(path: string, count: number): Promise<string[]> {
  const lines: string[] = []
  for await (const { entries } of readCapture(path)) {
    for (const entry of entries) {
      if (entry.kind === 'damage') throw new Error(`${path} is damaged at line ${entry.line}`)
      lines.push(`${entry.receiveTime}000 ${entry.raw}`)
      if (lines.length === count) return lines
    }
  }
  return lines
}

/** The first lines of a capture as a capture of its own, plain text. Gives its path. */
export async function beginningOf(path: string, lines: number, folder: string): Promise<string> {
  return writeLines(join(folder, `${path.split('/').slice(-2).join('-')}.${lines}`), await linesOf(path, lines))
}

export function writeLines(path: string, lines: readonly string[]): string {
  writeFileSync(path, lines.map(line => `${line}\n`).join(''))
  return path
}

const START = 1_700_000_000_000_000

/** Records the simulated market, a capture for each symbol. Gives their paths. */
export async function recordSimulated(folder: string, seconds: number, seed = 7): Promise<string[]> {
  const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']
  const paths = symbols.map(symbol => join(folder, `${symbol}.gz`))
  const writers = await Promise.all(
    symbols.map((symbol, at) => createCapture(paths[at] ?? '', { venue: SIMULATED_VENUE, symbol })),
  )
  for (const { time, raw, venueSymbol } of simulatedMarket({ seed, startMicros: START }).until(
    START + seconds * 1_000_000,
  ))
    await writers[symbols.indexOf(venueSymbol)]?.write(time, raw)
  for (const writer of writers) await writer.close()
  return paths
}
