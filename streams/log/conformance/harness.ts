/** What a log's test gives the suite, and the words in which the suite speaks of logs. */
import type { Layout, TopicName } from '@tideway/schemas'
import { isLogError, type LogErrorCode } from '../errors.ts'
import type { Commit, Log, NewRecord, StoredRecord, Writer } from '../log.ts'

export interface LogSettings {
  readonly layout: Layout
  readonly maxRecordBytes?: number
}

export interface LogHarness {
  readonly log: Log
  /** The same log after a restart of whatever can restart; the one before is closed. */
  reopen(): Promise<Log>
  dispose(): Promise<void>
}

export type CreateHarness = (settings: LogSettings) => Promise<LogHarness>

/** Vitest's own functions, passed in so that this room needs no test runner. */
export type TestFunctions = Pick<typeof import('vitest'), 'describe' | 'it' | 'expect'>

export interface Suite extends TestFunctions {
  /** Runs `body` on a fresh log and disposes of it. */
  readonly withLog: (
    body: (log: Log, harness: LogHarness) => Promise<void>,
    settings?: Partial<LogSettings>,
  ) => () => Promise<void>
  /** Expects a LogError of this code. */
  readonly refuses: (code: LogErrorCode, promise: Promise<unknown>) => Promise<void>
}

export const layout: Layout = { partitions: 3, shards: 2 }

export function suiteOf(test: TestFunctions, create: CreateHarness): Suite {
  return {
    ...test,
    withLog: (body, settings) => async () => {
      const harness = await create({ layout, ...settings })
      try {
        await body(harness.log, harness)
      } finally {
        await harness.dispose()
      }
    },
    refuses: async (code, promise) => {
      const outcome = await promise.then(
        () => 'went through',
        (error: unknown) => (isLogError(error) ? error.code : error),
      )
      test.expect(outcome).toBe(code)
    },
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const bytes = (text: string): Uint8Array => encoder.encode(text)
export const text = (value: Uint8Array | undefined): string | undefined => value && decoder.decode(value)

export function aRecord(value: string, key = 'binance:BTCUSDT'): NewRecord {
  return { key, value: bytes(value) }
}

export function aCommit(parts: Partial<Commit> = {}): Commit {
  return { outputs: [], watermarks: [], positions: [], progress: bytes('here'), state: [], ...parts }
}

/** A commit of records to one partition. */
export function wrote(topic: TopicName, partition: number, ...values: string[]): Commit {
  return aCommit({ outputs: [{ topic, partition, records: values.map(value => aRecord(value)) }] })
}

export const everything = { records: 1_000_000, bytes: 1_000_000_000 }

/** All committed records of a partition from its first, in as many reads as it takes. */
export async function readAll(
  log: Pick<Log, 'read' | 'ends'>,
  topic: TopicName,
  partition: number,
  limit = everything,
): Promise<StoredRecord[]> {
  const { first, next } = await log.ends(topic, partition)
  const records: StoredRecord[] = []
  for (let from = first; from < next; ) {
    const batch = await log.read(topic, partition, from, limit)
    if (batch.nextOffset <= from) throw new Error(`A read from ${from} of ${next} did not move on.`)
    records.push(...batch.records)
    from = batch.nextOffset
  }
  return records
}

export async function textsOf(
  log: Pick<Log, 'read' | 'ends'>,
  topic: TopicName,
  partition: number,
  limit = everything,
) {
  return (await readAll(log, topic, partition, limit)).map(record => text(record.value))
}

export async function commits(log: Log, writer: string, ...list: Commit[]): Promise<Writer> {
  const opened = await log.open(writer)
  for (const commit of list) await opened.commit(commit)
  return opened
}
