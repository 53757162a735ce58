/** kill -9 of a replay under load: it goes on where it was, and nothing shows it. `npm run faults` does more of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { checkedOutcome } from './testing/check.ts'
import { replayWithKills } from './testing/kills.ts'

describe('a replay that is killed and started again [TEST-01]', () => {
  const { folder, discard } = scratch('kill')
  let captures: string[] = []
  let undisturbed: Fingerprint | undefined

  beforeAll(async () => {
    captures = await recordSimulated(folder, 30)
    undisturbed = await fingerprint(captures)
  })
  afterAll(discard)

  it('ends with the bytes of an undisturbed one, and a store without damage', async () => {
    const log = `${folder}/log`
    const report = await replayWithKills({
      ...{ folder: log, captures, chunk: 100, durability: 'process', kills: 3, seed: 1 },
      messages: undisturbed?.messages ?? 0,
    })
    expect(report.atWork + report.starting).toBe(3)
    expect(report.fingerprint).toEqual(undisturbed)
    expect(await checkedOutcome(log)).toEqual([])
  })
})
