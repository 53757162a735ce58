/** Who may import what: the one table, as data. `imports.ts` reads the tree against it.
 *
 *  W1  A room imports itself, by relative path, and the rooms of its row, through the doors of their `exports`.
 *  W2  `room/door` in a row opens that one door only.
 *  W3  A room without a row may not be a workspace: a new room starts with a line here.
 *  W4  The table has no loop, so that what stands left can always be taken away. */

export const walls: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  quant: [],
  telemetry: [],
  resilience: [],
  domain: ['schemas'],
  processors: ['schemas', 'domain', 'quant'],
  strategies: ['processors/strategy', 'schemas', 'quant', 'domain'],
  streams: ['schemas', 'telemetry', 'resilience'],
  warehouse: ['schemas', 'domain', 'telemetry', 'resilience', 'streams'],
  connectors: ['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'streams'],
  accounts: ['schemas', 'telemetry'],
  research: [
    ...['schemas', 'processors', 'strategies', 'streams', 'warehouse', 'quant', 'domain', 'connectors'],
    ...['telemetry', 'resilience'],
  ],
  gateway: [
    ...['schemas', 'domain', 'quant', 'processors', 'strategies', 'warehouse', 'accounts', 'streams'],
    ...['telemetry', 'resilience'],
  ],
  stack: [
    ...['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'processors', 'strategies', 'streams'],
    ...['connectors', 'warehouse', 'accounts', 'research', 'gateway'],
  ],
  simulation: [
    ...['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'processors', 'strategies', 'streams'],
    ...['connectors', 'warehouse', 'accounts', 'research', 'gateway', 'stack'],
  ],
  cli: [
    ...['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'processors', 'strategies', 'streams'],
    ...['connectors', 'warehouse', 'accounts', 'research', 'gateway', 'stack', 'simulation'],
  ],
  tests: [
    ...['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'processors', 'strategies', 'streams'],
    ...['connectors', 'warehouse', 'accounts', 'research', 'gateway', 'stack', 'simulation', 'cli'],
  ],
  bench: [
    ...['schemas', 'domain', 'quant', 'telemetry', 'resilience', 'processors', 'strategies', 'streams'],
    ...['connectors', 'warehouse', 'accounts', 'research', 'gateway', 'stack', 'simulation', 'cli'],
  ],
  ui: [],
}

/** Rooms that fold: no clock, randomness, environment, network, file or locale. */
export const pureRooms: readonly string[] = ['schemas', 'domain', 'quant', 'processors', 'strategies']

/** Files of pure rooms that people run by hand; no stage reaches them. */
export const scriptsOfPureRooms: readonly string[] = ['schemas/generate.ts']

/** What a pure room may take of Node.js: functions of their arguments. */
export const pureOfNode: Readonly<Record<string, readonly string[]>> = { 'node:crypto': ['createHash'] }

/** A vendor lives in one place. `bench` and `tests` may hold one beside our use of it. */
export const vendors: Readonly<Record<string, readonly string[]>> = {
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  '@opentelemetry': ['telemetry'],
  lmdb: ['streams/log/local'],
  kafkajs: ['streams/log/kafka'],
}

/** The only readers of the environment: settings, and what measures or tests from outside. */
export const environmentReaders: readonly string[] = ['stack/settings', 'tests', 'bench']

/** Folders of `processors/` that are no stage: what stages share, and what a strategy's author sees. */
export const sharedByStages: readonly string[] = ['strategy', 'values', 'testing']

/** Files of `processors/` that know every stage; no stage may know them. */
export const aboveStages: readonly string[] = ['topology.ts', 'index.ts']
