/** Golden files: what a replay gave when somebody last looked, and must give again on every machine.
 *  `UPDATE_GOLDEN=1` writes them; the change then shows in the diff of the commit that meant it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Fingerprint } from './fingerprint.ts'

const folder = new URL('../golden/', import.meta.url)

export function expectGolden(name: string, found: Fingerprint): void {
  const file = new URL(`${name}.json`, folder)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
  expect(existsSync(file), `${name}.json is missing: write it with UPDATE_GOLDEN=1 and look at it`).toBe(true)
  expect(found).toEqual(JSON.parse(readFileSync(file, 'utf8')))
}
