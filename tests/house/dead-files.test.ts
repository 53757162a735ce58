import { describe, expect, it } from 'vitest'
import { checkDeadFiles } from './dead-files.ts'
import { describeFinding } from './finding.ts'
import { repository } from './testing/repository.ts'
import { aRoom, treeOf } from './testing/tree-of.ts'

const dead = (files: Record<string, string>) => checkDeadFiles(treeOf(files)).map(each => each.problem)

describe('dead files', () => {
  it('are none in this repository', () => {
    expect(checkDeadFiles(repository).map(describeFinding)).toEqual([])
  })

  it('are those that no door, script or test leads to', () => {
    expect(dead({ 'quant/index.ts': "export * from './ring.ts'", 'quant/ring.ts': '', 'quant/old.ts': '' })).toEqual([
      'nothing leads to quant/old.ts',
    ])
  })

  it('are found in pairs: files that only lead to each other', () => {
    const files = { 'quant/index.ts': '', 'quant/a.ts': "import './b.ts'", 'quant/b.ts': "import './a.ts'" }
    expect(dead(files)).toEqual(['nothing leads to quant/a.ts', 'nothing leads to quant/b.ts'])
  })

  it('are also those that only their own test uses (D3)', () => {
    const files = { 'quant/index.ts': '', 'quant/ema.ts': '', 'quant/ema.test.ts': "import './ema.ts'" }
    expect(dead(files)).toEqual(['only tests lead to quant/ema.ts'])
  })

  it('are not: scripts, workers, launchers, doors, benchmarks, settings of tools, what is made for tests', () => {
    const files = {
      'package.json': JSON.stringify({
        workspaces: ['quant', 'cli', 'bench'],
        bin: { tideway: 'cli/bin/tideway' },
        scripts: { generate: 'node quant/generate.ts' },
      }),
      'vitest.config.ts': '',
      'quant/package.json': aRoom('quant', { exports: { '.': './index.ts', './indicators/*': './indicators/*.ts' } }),
      'quant/index.ts': "export const worker = new URL('./worker.ts', import.meta.url)",
      'quant/worker.ts': '',
      'quant/generate.ts': '',
      'quant/indicators/ema.ts': '',
      'quant/testing/series.ts': '',
      'quant/index.test.ts': "import './testing/series.ts'",
      'cli/package.json': aRoom('cli', { exports: {} }),
      'cli/bin/tideway': '#!/bin/sh\nexec node "$(dirname "$0")/../main.ts" "$@"',
      'cli/main.ts': '',
      'bench/package.json': aRoom('bench', { exports: {} }),
      'bench/memory.ts': '',
    }
    expect(dead(files)).toEqual([])
  })
})
