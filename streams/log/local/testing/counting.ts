/** A process that commits a running number for ever and says each number once it is committed. For tests.
 *
 *  Each commit n writes n into two partitions, n to a third in every other commit, keeps it in its progress, in a state
 *  entry that never changes and in one that always does, and in a snapshot now and then. */
import { writeSync } from 'node:fs'
import { aCommit, aRecord, bytes, layout, text } from '../../conformance.ts'
import type { Commit } from '../../log.ts'
import { type Durability, LocalLog } from '../index.ts'

export function commitOf(n: number): Commit {
  const records = [aRecord(`${n}`), aRecord(`${n}`, 'x'.repeat(n % 300)), aRecord('x'.repeat((n * 7919) % 20_000))]
  const output = (partition: number) => ({ topic: 'ticks' as const, partition, records: [aRecord(`${n}`), ...records] })
  return aCommit({
    outputs: [output(0), output(1), ...(n % 2 === 0 ? [output(2)] : [])],
    watermarks: [{ topic: 'ticks', partition: 0, source: 'counting', time: n }],
    positions: [{ topic: 'config', partition: 0, offset: 0 }],
    progress: bytes(`${n}`),
    state: [
      { key: `n${n}`, value: bytes(`${n}`) },
      { key: 'last', value: bytes(`${n}`) },
      { key: `n${n - 50}`, value: null },
    ],
    ...(n % 10 === 0 ? { snapshot: bytes(`${n}`.repeat(1000)) } : {}),
  })
}

if (import.meta.main) {
  const [folder = '', durability = 'process'] = process.argv.slice(2)
  const log = await LocalLog.open({ folder, layoutIfNew: layout, durability: durability as Durability })
  const writer = await log.open('counting')
  const saved = await writer.restore()
  for (let n = Number(text(saved?.progress) ?? 0) + 1; ; n++) {
    await writer.commit(commitOf(n))
    writeSync(1, `${n}\n`)
  }
}
