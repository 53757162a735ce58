import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FarLevels } from './far-levels.ts'

describe('far levels', () => {
  it('hold what a Map holds while the table grows and levels come and go', () => {
    const far = new FarLevels()
    const levels = new Map<number, number>()
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 3000; i++) {
        const key = -(1 + ((i * 7919 + round * 104_729) % 20_011))
        const lots = (i + round) % 3
        const added = far.set(key, lots)
        expect(added).toBe((lots === 0 ? 0 : 1) - (levels.has(key) ? 1 : 0))
        if (lots === 0) levels.delete(key)
        else levels.set(key, lots)
      }
      expect(far.count).toBe(levels.size)
      for (let key = -20_012; key < 0; key++)
        if (far.get(key) !== (levels.get(key) ?? 0)) throw new Error(`level ${key}`)
    }
    const keys = new Float64Array(far.count + 1)
    expect(far.copyKeys(keys, 1)).toBe(far.count + 1)
    expect([...keys.subarray(1).sort()]).toEqual([...levels.keys()].sort((a, b) => a - b))
  })

  it('find the greatest key below a limit, and hand over those from a limit on', () => {
    const key = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 30 }), key, (keys, limit) => {
        const far = new FarLevels()
        for (const each of keys) far.set(each, each * 2)
        expect(far.greatestBelow(limit)).toBe(Math.max(0, ...keys.filter(each => each < limit)))
        const taken: [number, number][] = []
        far.takeFrom(limit, (each, lots) => taken.push([each, lots]))
        const expected = keys.filter(each => each >= limit).map(each => [each, each * 2])
        expect(taken.sort()).toEqual(expected.sort())
        expect(far.count).toBe(keys.length - expected.length)
        expect(keys.every(each => far.get(each) === (each < limit ? each * 2 : 0))).toBe(true)
      }),
    )
  })
})
