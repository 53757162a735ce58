/** Every benchmark runs, small, on a recording of the simulated market, so that none of them rots. Their figures are
 *  looked at for being there, never for what they are. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCapture, SIMULATED_VENUE, simulatedMarket } from '@tideway/connectors'
import { afterAll, beforeAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'tideway-bench-'))
const capture = join(folder, 'btcusdt.gz')
const START = 1_700_000_000_000_000

beforeAll(async () => {
  const writer = await createCapture(capture, { venue: SIMULATED_VENUE, symbol: 'BTCUSDT' })
  const market = simulatedMarket({ seed: 1, symbols: ['BTCUSDT'], startMicros: START })
  for (const { time, raw } of market.until(START + 10_000_000)) await writer.write(time, raw)
  await writer.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function figuresOf(script: string, ...options: string[]): Promise<Record<string, unknown>> {
  const path = join(import.meta.dirname, script)
  const { stdout } = await promisify(execFile)(process.execPath, [path, '--capture', capture, '--json', ...options])
  return JSON.parse(stdout)
}

const aNumber = expect.any(Number)

it.each([
  ['every 100 ms', false, []],
  ['every tick', true, ['--every-tick', '--hash', '--portfolios', '2']],
])('the memory log, features %s, more ticks than the recording has', async (features, hashing, options) => {
  const found = await figuresOf('memory-log.ts', '--events', '2500', ...options)
  const measured = { ticksPerSecond: aNumber, emptyTicksPerSecond: aNumber, ratio: aNumber, residentMegabytes: aNumber }
  expect(found).toMatchObject({ events: 2_500, features, hashing, ...measured })
})

it('the local log under a long replay', async () => {
  const found = await figuresOf('local-replay.ts', '--events', '2500', '--portfolios', '2')
  const sizes = { fileMegabytes: aNumber, usedMegabytes: aNumber, bytesPerRecord: aNumber }
  const resident = { residentMegabytesAtFifth: aNumber, residentMegabytesAtEnd: aNumber, ratio: aNumber }
  expect(found).toMatchObject({ events: 2_500, ticksPerSecond: aNumber, recordsInLog: aNumber, ...sizes, ...resident })
  expect(found.recordsInLog).toBeGreaterThan(2_500)
})

it('the market stages', async () => {
  const found = await figuresOf('quant/features.ts', '--rounds', '1')
  const row = { name: expect.any(String), nanosPerTick: aNumber, ratio: aNumber }
  expect(found.rows).toEqual(Array.from({ length: 6 }, () => row))
})
