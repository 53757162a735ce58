/** Records that nobody can read, in the middle of the ticks: they are set aside with their bytes, and nothing else moves. */
import { partitionsOf } from '@tideway/schemas'
import { encodeEvent } from '@tideway/streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import type { Fingerprint } from '../acceptance/testing/fingerprint.ts'
import { layout, lettersOf, openLog, outcomeOf, replayed, replayedUntil, vandal } from './testing/chain.ts'

const noise = Buffer.from('nobody wrote this as an event')
const unknownSchema = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3])
/** A good frame of another topic. */
const stranger = encodeEvent({
  topic: 'commands',
  type: 'HaltTrading',
  key: '*',
  source: 'vandal',
  seq: 0,
  eventTime: 1,
  ingestTime: 1,
  stamp: { root: { time: 1, rank: 2, key: '*', source: 'vandal', seq: 0 }, rank: 0, key: '*', count: 0 },
  causes: [],
  replayOf: null,
  data: { reason: 'vandalism' },
})
const kinds = [
  ['noise', noise, 'no-frame'],
  ['an unknown schema id', unknownSchema, 'unknown-schema'],
  ['a schema of another topic', stranger, 'wrong-schema'],
  ['nothing at all', new Uint8Array(), 'no-frame'],
] as const

describe('poison in the ticks', () => {
  const { folder, discard } = scratch('poison')
  let captures: string[] = []
  let undisturbed: Fingerprint | undefined

  beforeAll(async () => {
    captures = await recordSimulated(folder, 30)
    const log = await openLog(`${folder}/undisturbed`)
    undisturbed = await replayed({ log, captures })
    await log.close()
  })
  afterAll(discard)

  it.each(kinds)(
    '%s is a dead letter of each task that reads it, and changes nothing else [REL-06]',
    async (_, value, code) => {
      const log = await openLog(`${folder}/${code}-${value.length}`)
      let written = 0
      const onProgress = async ({ messages }: { readonly messages: number }) => {
        if (messages < 1_000 || written === layout.partitions) return
        await vandal(log, 'ticks', written++, [value])
      }
      const found = await replayed({ log, captures, onProgress })
      expect(outcomeOf(found)).toEqual(withMoreTicks(undisturbed, layout.partitions))
      const letters = await lettersOf(log)
      await log.close()
      const readers = Array.from({ length: layout.partitions }, (_, partition) => [
        `market-${partition} ${partition} ${code}`,
        `trading-0 ${partition} ${code}`,
        `trading-1 ${partition} ${code}`,
      ])
      expect(letters.map(({ task, partition, code }) => `${task} ${partition} ${code}`).sort()).toEqual(
        readers.flat().sort(),
      )
      for (const { bytes } of letters) expect(Buffer.from(bytes).equals(value)).toBe(true)
    },
  )

  it('is set aside once by each task, whenever it comes and whenever they start again', async () => {
    const log = await openLog(`${folder}/restarts`)
    const tasks = { maxEvents: 150, snapshotEvery: 400 }
    let written = 0
    for (let stop = 600; stop <= 2_400; stop += 600) {
      await replayedUntil(stop, { log, captures, tasks })
      for (let partition = 0; partition < partitionsOf('ticks', layout); partition++)
        await vandal(log, 'ticks', partition, [Buffer.from(`poison ${written++}`)])
    }
    const found = await replayed({ log, captures, tasks })
    expect(outcomeOf(found)).toEqual(withMoreTicks(undisturbed, written))
    const letters = (await lettersOf(log)).map(({ task, bytes }) => `${task} ${Buffer.from(bytes)}`)
    await log.close()
    const expected = Array.from({ length: written }, (_, at) =>
      [`market-${at % layout.partitions}`, 'trading-0', 'trading-1'].map(task => `${task} poison ${at}`),
    )
    expect(letters.sort()).toEqual(expected.flat().sort())
  })
})

/** The vandal's records are counted with the ticks. */
function withMoreTicks(fingerprint: Fingerprint | undefined, more: number): Fingerprint {
  if (!fingerprint) throw new Error('nothing was replayed')
  const ticks = { count: (fingerprint.topics.ticks?.count ?? 0) + more }
  return { ...fingerprint, topics: { ...fingerprint.topics, ticks } }
}
