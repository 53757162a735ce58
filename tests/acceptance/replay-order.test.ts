/** Whether these tests would notice: an order of events that is not the one of their stamps gives other bytes. */

import { compareStamps, type Event } from '@tideway/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from './testing/captures.ts'
import { type Fingerprint, fingerprint, plainly } from './testing/fingerprint.ts'

const time = ({ stamp }: Event) => stamp.root.time

/** Orders that somebody might take for good enough. */
const wrong: readonly (readonly [name: string, order: (a: Event, b: Event) => number])[] = [
  ['time alone', (a, b) => time(a) - time(b)],
  [
    'time, then what was derived before what it came from',
    (a, b) => time(a) - time(b) || compareStamps(b.stamp, a.stamp),
  ],
]

describe('the suite notices events ordered by', () => {
  const { folder, discard } = scratch('order')
  let captures: string[] = []
  let right: Fingerprint | undefined

  beforeAll(async () => {
    captures = await recordSimulated(folder, 60)
    right = await fingerprint(captures)
  })
  afterAll(discard)

  it.each(wrong)('%s', async (_, order) => {
    const found = await fingerprint(captures, { ...plainly, tasks: { order } })
    const differing = Object.keys(found.topics).filter(
      topic => found.topics[topic]?.sha256 !== right?.topics[topic]?.sha256,
    )
    expect(differing).not.toEqual([])
  })

  it('not by their stamps, given as an order of its own', async () => {
    const order = (a: Event, b: Event) => compareStamps(a.stamp, b.stamp)
    expect(await fingerprint(captures, { ...plainly, tasks: { order } })).toEqual(right)
  })
})
