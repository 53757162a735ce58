import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareUtf8 } from './utf8-order.ts'

it('orders strings as their UTF-8 bytes', () => {
  const any = fc.string({ unit: 'binary', maxLength: 4 })
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
    {
      examples: [
        ['\uffee', '😀'],
        ['a', 'a'],
        ['', 'a'],
      ],
    },
  )
})
