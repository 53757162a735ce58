import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { checkPurity } from './purity.ts'
import { repository } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'

const found = (files: Record<string, string>) => checkPurity(treeOf(files))

describe('a fold depends on its event alone', () => {
  it('holds in this repository', () => {
    expect(checkPurity(repository).map(describeFinding)).toEqual([])
  })

  it.each([
    ['the clock', 'export const now = Date.now()'],
    ['the clock, made', 'export const now = new Date()'],
    ['the clock, under another name', 'const D = Date\nexport const now = D'],
    ['the monotonic clock', 'export const now = performance.now()'],
    ['chance', 'export const draw = Math.random()'],
    ['chance, by a string', "export const draw = Math['random']()"],
    ['chance of the system', 'export const id = crypto.randomUUID()'],
    ['the environment', 'export const level = process.env.LEVEL'],
    ['the network', "export const answer = fetch('https://example.com')"],
    ['a timer', 'setTimeout(() => {}, 1)'],
    ['a way around', "export const now = globalThis['Date']"],
    ['the locale', 'export const text = (1).toLocaleString()'],
    ['the locale of a sort', "export const sorted = ['b', 'a'].sort((a, b) => a.localeCompare(b))"],
    ['waiting', 'export const later = async (p: Promise<number>) => (await p) + 1'],
    ['printing', "console.log('x')"],
  ])('refuses %s in a pure room', (_, line) => {
    const findings = found({ 'quant/ring.ts': `// first line\n${line}` })
    expect(findings).not.toEqual([])
    expect(findings.map(each => [each.file, each.wall])).toContainEqual(['quant/ring.ts', 'quant is pure'])
    expect(findings[0]?.line).toBeGreaterThan(1)
  })

  it.each(['schemas', 'domain', 'quant', 'processors', 'strategies'])('reads %s', room => {
    expect(found({ [`${room}/index.ts`]: 'export const now = Date.now()' })).toHaveLength(1)
  })

  it('says what to use instead', () => {
    const [finding] = found({ 'processors/risk/risk.ts': 'export const now = Date.now()' }).map(describeFinding)
    expect(finding).toBe(
      "processors/risk/risk.ts:1  [processors is pure] Date is not of the event. Time arrives as events: use the turn's time.",
    )
  })

  it('reads code, not comments, strings, types and labels', () => {
    const text = [
      '/** Date.now() and Math.random() are not used here. */',
      "export const remedy = 'Date.now() reads the clock'",
      'export type When = Date',
      'export interface Timed { at: Date; process: string; fetch(): void }',
      'export const table = { Date: 1, process: 2, fetch: 3 }',
      'export const read = (turn: { process: number }) => turn.process',
    ].join('\n')
    expect(found({ 'domain/time.ts': text })).toEqual([])
  })

  it('lets a file use its own word for something else (P3)', () => {
    const text =
      'export function run(process: () => void, { fetch }: { fetch: () => void }) {\n  process()\n  fetch()\n}'
    expect(found({ 'processors/run.ts': text })).toEqual([])
  })

  it('leaves out tests, what is made for them, scripts and rooms that act', () => {
    const line = 'export const now = Date.now()'
    expect(
      found({
        'domain/order.test.ts': line,
        'domain/testing/closed-world.ts': line,
        'schemas/generate.ts': line,
        'streams/clock.ts': line,
      }),
    ).toEqual([])
  })
})

describe('only stack/settings reads the environment', () => {
  it.each([
    'export const level = process.env.LEVEL',
    "export const all = { ...process['env'] }",
    'const { env } = process\nexport const all = env',
    "import { env } from 'node:process'\nexport const all = env",
  ])('refuses `%s` elsewhere', line => {
    expect(found({ 'streams/log/local/store.ts': line })).toEqual([
      expect.objectContaining({
        wall: 'only stack/settings reads the environment',
        file: 'streams/log/local/store.ts',
      }),
    ])
    expect(found({ 'stack/supervise.ts': line })).toHaveLength(1)
    expect(found({ 'stack/settings/settings.ts': line })).toEqual([])
    expect(found({ 'tests/faults/run.ts': line, 'stack/supervise.test.ts': line })).toEqual([])
  })
})
