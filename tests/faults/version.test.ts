/** A restart with other stages: a new version is said and recorded and goes on; a new answer under the old one stops. */
import type { Stage } from '@tideway/schemas'
import { decodeProgress, type Log, NondeterminismError, type TaskObserver } from '@tideway/streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { emitting, withStage } from './testing/broken-stage.ts'
import { layout, openLog, replayed, replayedUntil } from './testing/chain.ts'

/** The stage with another answer: every feature twice as large. */
const doubled = (stage: Stage): Stage =>
  emitting(stage, (turn, topic, type, data, options) => {
    const { values } = data as unknown as { readonly values: readonly number[] }
    const answer = topic === 'features' ? { ...(data as object), values: values.map(value => value * 2) } : data
    return turn.emit(topic, type, answer as never, options)
  })
const newer = (stage: Stage): Stage => ({ ...stage, version: stage.version + 1 })

describe('a replay that goes on with other stages', () => {
  const { folder, discard } = scratch('version')
  let captures: string[] = []
  let undisturbed: Fingerprint | undefined
  const tasks = { snapshotEvery: 700, maxEvents: 100 }

  beforeAll(async () => {
    captures = await recordSimulated(folder, 30)
    undisturbed = await fingerprint(captures)
  })
  afterAll(discard)

  const halfDone = async (name: string) => {
    const log = await openLog(`${folder}/${name}`)
    await replayedUntil(4_000, { log, captures, tasks })
    return log
  }
  const versionIn = async (log: Log, task: string, stage: string) => {
    const saved = await (await log.open(task)).restore()
    return saved && decodeProgress(saved.progress).versions[stage]
  }

  it('of a new version says so, goes on to the end, and records the version with its commits', async () => {
    const log = await halfDone('newer')
    const changed: string[] = []
    const observer: TaskObserver = {
      committed() {},
      restored() {},
      setAside() {},
      versionChanged: (task, from, to) => changed.push(`${task} ${from.features} -> ${to.features}`),
    }
    const exchange = withStage('features', stage => newer(doubled(stage)))
    expect(await versionIn(log, 'market-0', 'features')).toBe(1)
    const found = await replayed({ log, captures, exchange, tasks: { ...tasks, observer } })
    expect(changed.sort()).toEqual(Array.from({ length: layout.partitions }, (_, at) => `market-${at} 1 -> 2`))
    expect(found.topics.features?.count).toBe(undisturbed?.topics.features?.count)
    expect(found.topics.features?.sha256).not.toBe(undisturbed?.topics.features?.sha256)
    for (const topic of ['books', 'candles', 'ticks']) expect(found.topics[topic]).toEqual(undisturbed?.topics[topic])
    for (let partition = 0; partition < layout.partitions; partition++)
      expect(await versionIn(log, `market-${partition}`, 'features')).toBe(2)
    await log.close()
  })

  it('of a new version is compared again from there on: killed once more, it restores what it committed', async () => {
    const log = await halfDone('compared')
    const exchange = withStage('features', stage => newer(doubled(stage)))
    for (const stop of [4_600, 5_200, 6_000]) await replayedUntil(stop, { log, captures, exchange, tasks })
    expect((await replayed({ log, captures, exchange, tasks })).messages).toBe(undisturbed?.messages)
    await log.close()
  })

  it('of another answer and the same version stops, names the task, and has changed nothing', async () => {
    const log = await halfDone('answer')
    const stopped = await replayed({ log, captures, tasks, exchange: withStage('features', doubled) }).catch(
      (error: unknown) => error,
    )
    expect(stopped).toBeInstanceOf(NondeterminismError)
    expect(String(stopped)).toMatch(/market-\d: the refold of \d+ events gives other bytes than were committed/)
    expect(await replayed({ log, captures, tasks })).toEqual(undisturbed)
    await log.close()
  })
})
