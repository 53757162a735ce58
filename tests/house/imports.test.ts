import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { checkImports } from './imports.ts'
import { repository } from './testing/repository.ts'
import { aRoom, treeOf } from './testing/tree-of.ts'

const found = (files: Record<string, string>) => checkImports(treeOf(files)).map(describeFinding)
const declares = (...names: string[]) => ({ dependencies: Object.fromEntries(names.map(name => [name, '*'])) })

describe('the direction of imports', () => {
  it('holds in this repository', () => {
    expect(checkImports(repository).map(describeFinding)).toEqual([])
  })

  it('lets a room import the rooms of its row, through their doors', () => {
    expect(
      found({
        'schemas/index.ts': 'export const one = 1',
        'domain/package.json': aRoom('domain', declares('@tideway/schemas')),
        'domain/index.ts': "export { one } from '@tideway/schemas'",
      }),
    ).toEqual([])
  })

  it('refuses a room that is not in the row, and says file, line, wall and what to do', () => {
    const [finding, ...more] = found({
      'streams/index.ts': 'export const log = 1',
      'domain/package.json': aRoom('domain'),
      'domain/order/life.ts':
        "// the life of an order\nimport { log } from '@tideway/streams'\nexport const life = log",
      'domain/index.ts': "export * from './order/life.ts'",
    })
    expect(finding).toBe(
      'domain/order/life.ts:2  [domain -> streams] domain imports only schemas. Move what both need down into a room that both may read, or let stack/ pass it in.',
    )
    expect(more).toEqual([])
  })

  it.each([
    ['a type', "import type { log } from '@tideway/streams'"],
    ['a re-export', "export * from '@tideway/streams'"],
    ['a dynamic import', "export const load = () => import('@tideway/streams')"],
    ['an import within a type', "export type Log = import('@tideway/streams').Log"],
    ['a require', "declare const require: (name: string) => unknown\nexport const log = require('@tideway/streams')"],
  ])('refuses %s as much as a plain import', (_, line) => {
    const findings = found({ 'streams/index.ts': 'export type Log = 1', 'domain/index.ts': line })
    expect(findings).toEqual([expect.stringContaining('[domain -> streams]')])
  })

  it('reads code, not comments and strings', () => {
    expect(
      found({
        'quant/index.ts': "// import { x } from '@tideway/streams'\nexport const text = \"from '@tideway/streams'\"",
      }),
    ).toEqual([])
  })

  it('refuses a relative import that leaves its room (I1)', () => {
    const [finding] = found({
      'schemas/index.ts': 'export const one = 1',
      'domain/index.ts': "export { one } from '../schemas/index.ts'",
    })
    expect(finding).toContain("domain/index.ts:1  [domain -> outside] '../schemas/index.ts' leaves domain/")
    expect(finding).toContain("Import '@tideway/schemas'")
  })

  it('refuses a relative import of a file that is not there', () => {
    expect(found({ 'quant/index.ts': "export * from './ring.js'" })).toEqual([expect.stringContaining('names no file')])
  })

  it('refuses a way in that is no door, and one that leads nowhere (I2)', () => {
    const files = {
      'schemas/package.json': aRoom('schemas', { exports: { '.': './index.ts', './avro': './avro.ts' } }),
      'schemas/index.ts': '',
      'schemas/inner.ts': '',
      'domain/package.json': aRoom('domain', declares('@tideway/schemas')),
      'domain/index.ts': "import '@tideway/schemas/inner.ts'\nimport '@tideway/schemas/avro'",
    }
    expect(found(files)).toEqual([
      expect.stringContaining("domain/index.ts:1  [doors of schemas] '@tideway/schemas/inner.ts' is no door"),
      expect.stringContaining("domain/index.ts:2  [doors of schemas] '@tideway/schemas/avro' leads to schemas/avro.ts"),
    ])
  })

  it('lets strategies through one door of processors only', () => {
    const files = {
      'processors/package.json': aRoom('processors', {
        exports: { './strategy': './strategy/index.ts', './topology': './topology.ts' },
      }),
      'processors/strategy/index.ts': '',
      'processors/topology.ts': '',
      'strategies/package.json': aRoom('strategies', declares('@tideway/processors')),
      'strategies/momentum.ts': "import '@tideway/processors/strategy'\nimport '@tideway/processors/topology'",
    }
    expect(found(files)).toEqual([
      expect.stringContaining('strategies/momentum.ts:2  [strategies -> processors/topology]'),
    ])
  })

  it('lets a strategy import no other file of its room: a user has none (I5)', () => {
    const files = {
      'strategies/index.ts': "export * from './momentum.ts'",
      'strategies/momentum.ts': "export * from './shared.ts'",
      'strategies/shared.ts': '',
    }
    expect(found(files)).toEqual([expect.stringContaining('strategies/momentum.ts:1  [a strategy is one file]')])
  })

  it('lets no stage import another, but what stages share; the topology stands above all (I5)', () => {
    const files = {
      'processors/topology.ts': "import './risk/risk.ts'\nimport './book/book.ts'",
      'processors/values/books.ts': '',
      'processors/risk/risk.ts': "import '../values/books.ts'\nimport './limit.ts'\nimport '../book/book.ts'",
      'processors/risk/limit.ts': "import '../topology.ts'",
      'processors/risk/risk.test.ts': "import '../book/book.ts'",
      'processors/book/book.ts': '',
    }
    expect(found(files)).toEqual([
      expect.stringContaining('processors/risk/limit.ts:1  [stages -> topology]'),
      expect.stringContaining(
        'processors/risk/risk.ts:3  [stages never import each other] risk imports the stage book',
      ),
    ])
  })

  it('wants what is imported declared in the room that imports it (I3)', () => {
    const files = {
      'package.json': JSON.stringify({ workspaces: ['quant'], devDependencies: { vitest: '1' } }),
      'quant/index.ts': "import 'decimal.js'\nimport 'vitest'",
      'quant/index.test.ts': "import 'vitest'",
    }
    expect(found(files)).toEqual([
      expect.stringContaining("quant/index.ts:1  [declared where used] 'decimal.js' is not a dependency"),
      expect.stringContaining("quant/index.ts:2  [declared where used] 'vitest' is not a dependency"),
    ])
  })

  it('lets only telemetry know the vendors of logs and metrics, declared or not (I4)', () => {
    const files = {
      'streams/package.json': aRoom('streams', declares('pino', 'prom-client', '@opentelemetry/api', 'lmdb')),
      'streams/index.ts': "import 'pino'\nimport 'prom-client'\nimport '@opentelemetry/api'\nimport 'lmdb'",
      'streams/log/local/store.ts': "import 'lmdb'",
      'telemetry/package.json': aRoom('telemetry', declares('pino')),
      'telemetry/index.ts': "import 'pino'",
    }
    expect(found(files).map(text => text.slice(0, 48))).toEqual([
      'streams/index.ts:1  [only telemetry knows pino] ',
      'streams/index.ts:2  [only telemetry knows prom-c',
      'streams/index.ts:3  [only telemetry knows @opent',
      'streams/index.ts:4  [only streams/log/local know',
    ])
  })

  it('lets a pure room take nothing of the machine, but functions of their arguments (I6)', () => {
    const files = {
      'domain/index.ts': "import { readFileSync } from 'node:fs'\nimport { createHash } from 'node:crypto'",
      'domain/seed.ts': "import { randomBytes } from 'node:crypto'\nimport * as crypto from 'node:crypto'",
      'domain/index.test.ts': "import 'node:fs'",
      'streams/index.ts': "import 'node:fs'\nimport 'path'",
    }
    expect(found(files).map(text => text.split('.')[0] + text.slice(text.indexOf(':'), text.indexOf(']') + 1))).toEqual(
      [
        'domain/index:1  [domain is pure]',
        'domain/seed:1  [domain is pure]',
        'domain/seed:2  [domain is pure]',
        'streams/index:2  [node: prefix]',
      ],
    )
  })

  it('refuses a workspace without a row, and a declared dependency that the table does not know (W3)', () => {
    const files = { 'attic/index.ts': '', 'quant/package.json': aRoom('quant', declares('@tideway/streams')) }
    expect(found(files)).toEqual([
      expect.stringContaining('attic/package.json  [every room has a row]'),
      expect.stringContaining('quant/package.json  [quant -> streams] quant declares @tideway/streams'),
    ])
  })
})
