/** `npm run faults`: kill -9 of a replay on the local log, many times, under load.
 *
 *    node tests/faults/run.ts [--kills 30] [--seed 1] [--seconds 120] [--durability process|power] [CAPTURE...]
 *
 *  Without captures a recording of the simulated market is replayed. Exit code 1 where anything differs from the
 *  undisturbed replay in memory. */
import { parseArgs } from 'node:util'
import type { Durability } from '@tideway/streams/log/local'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { fingerprint } from '../acceptance/testing/fingerprint.ts'
import { checkedOutcome } from './testing/check.ts'
import { replayWithKills } from './testing/kills.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '120' },
    durability: { type: 'string', default: 'process' },
  },
})
const [kills, seed] = [Number(values.kills), Number(values.seed)]
const { folder, discard } = scratch('faults')
try {
  const captures = positionals.length > 0 ? positionals : await recordSimulated(folder, Number(values.seconds))
  const undisturbed = await fingerprint(captures)
  const report = await replayWithKills({
    folder: `${folder}/log`,
    captures,
    messages: undisturbed.messages,
    chunk: 100,
    durability: values.durability as Durability,
    kills,
    seed,
    onKill: moment => console.log(`killed ${moment}`),
  })
  const differing = Object.keys({ ...undisturbed.topics, ...report.fingerprint.topics }).filter(topic => {
    return JSON.stringify(undisturbed.topics[topic]) !== JSON.stringify(report.fingerprint.topics[topic])
  })
  const same = JSON.stringify(undisturbed) === JSON.stringify(report.fingerprint)
  const damages = await checkedOutcome(`${folder}/log`)
  console.log(
    `${report.atWork} kills at work, ${report.starting} while starting, over ${undisturbed.messages} messages`,
  )
  console.log(`${undisturbed.orders} orders, ${undisturbed.fills} fills; damages: ${damages.length}`)
  if (same && damages.length === 0) console.log('the same bytes as undisturbed')
  else {
    console.error(
      `not the same as undisturbed: ${differing.join(', ') || 'the sums'}; damages ${JSON.stringify(damages)}`,
    )
    console.error(`repeat with: node tests/faults/run.ts --kills ${kills} --seed ${seed} ${positionals.join(' ')}`)
    process.exitCode = 1
  }
} finally {
  discard()
}
