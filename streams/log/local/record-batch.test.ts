import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchEncoder, batchBytes, endOfBatch, maxBatchRecords, RecordBatch } from './record-batch.ts'

const records = fc.array(
  fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 12 }), value: fc.uint8Array({ maxLength: 40 }) }),
  { minLength: 1, maxLength: 30 },
)
const head = fc.record({
  base: fc.nat({ max: 2 ** 50 }),
  appendedAt: fc.maxSafeNat(),
  watermark: fc.maxSafeNat(),
})
const encoder = new BatchEncoder()
const encoded = (
  list: { key: string; value: Uint8Array }[],
  at: { base: number; appendedAt: number; watermark: number },
) =>
  Uint8Array.from(
    encoder.encode(
      list,
      list.map(({ value }) => value),
      0,
      list.length,
      at,
    ),
  )

describe('a batch of records', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(records, head, (list, at) => {
        const batch = RecordBatch.decode(encoded(list, at), at.base)
        expect(batch).toMatchObject({
          base: at.base,
          appendedAt: at.appendedAt,
          watermark: at.watermark,
          count: list.length,
        })
        const read = list.map((_, i) => batch?.at(at.base + i))
        expect(read.map(record => [record?.key, [...(record?.value ?? [])]])).toEqual(
          list.map(({ key, value }) => [key, [...value]]),
        )
        expect(list.map((_, i) => batch?.sizeAt(at.base + i))).toEqual(list.map(({ value }) => value.byteLength))
      }),
    )
  })

  it('with any bit turned over, or cut anywhere, is not read at all', () => {
    fc.assert(
      fc.property(records, head, fc.nat(), fc.nat({ max: 7 }), (list, at, place, bit) => {
        const bytes = encoded(list, at)
        const index = place % bytes.byteLength
        const cut = bytes.slice(0, index)
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
        expect(RecordBatch.decode(bytes, at.base)).toBeUndefined()
        expect(RecordBatch.decode(cut, at.base)).toBeUndefined()
      }),
    )
  })

  it('is not taken for one that starts elsewhere', () => {
    const bytes = encoded([{ key: 'k', value: new Uint8Array(3) }], { base: 7, appendedAt: 1, watermark: 0 })
    expect(RecordBatch.decode(bytes, 7)?.count).toBe(1)
    expect(RecordBatch.decode(bytes, 8)).toBeUndefined()
  })
})

describe('many records', () => {
  it('are cut into batches by bytes and by count', () => {
    const small = Array.from({ length: maxBatchRecords + 5 }, () => new Uint8Array())
    expect([endOfBatch(small, 0), endOfBatch(small, maxBatchRecords)]).toEqual([maxBatchRecords, small.length])
    const large = Array.from({ length: 4 }, () => new Uint8Array(batchBytes / 2))
    expect([endOfBatch(large, 0), endOfBatch(large, 2), endOfBatch(large, 3)]).toEqual([2, 4, 4])
    expect(endOfBatch([new Uint8Array(8 * batchBytes), new Uint8Array(1)], 0)).toBe(1)
  })
})
