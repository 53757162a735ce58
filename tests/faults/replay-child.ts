/** A replay on a local log as a process of its own, to be killed.
 *
 *    node tests/faults/replay-child.ts FOLDER CHUNK DURABILITY CAPTURE...
 *
 *  Says `open`, the number of messages after each commit of the feed, and in the end `done` with the fingerprint. It
 *  holds the log until its input ends. */
import { writeSync } from 'node:fs'
import { replay } from '@tideway/stack'
import { type Durability, LocalLog } from '@tideway/streams/log/local'
import { fingerprintOf } from '../acceptance/testing/fingerprint.ts'

/** Small, so that kills fall between snapshots, rounds and commits alike. */
const tasks = { maxEvents: 250, snapshotEvery: 1_500 }

const [folder = '', chunk = '100', durability = 'process', ...captures] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)

const log = await LocalLog.open({
  folder,
  layoutIfNew: { partitions: 3, shards: 2 },
  durability: durability as Durability,
  waitForLockMicros: 5_000_000,
})
say('open')
const onProgress = ({ messages }: { readonly messages: number }) => void say(String(messages))
const result = await replay({ log, captures, chunk: Number(chunk), tasks, onProgress })
say(`done ${JSON.stringify(fingerprintOf(result))}`)
process.stdin.resume().on('end', () => log.close())
