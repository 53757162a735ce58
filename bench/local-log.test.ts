import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('the benchmark of the local log runs, small', () => {
  const script = join(import.meta.dirname, 'local-log.ts')
  const small = ['--rounds', '1', '--records', '2000', '--state-mb', '1', '--json']
  const { figures } = JSON.parse(execFileSync(process.execPath, [script, ...small], { encoding: 'utf8' }))
  expect(Object.keys(figures)).toHaveLength(5)
  for (const row of Object.values(figures))
    for (const figure of Object.values(row as object)) expect(figure).toBeGreaterThan(0)
})
