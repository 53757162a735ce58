import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, type Frame, FrameReader, maxFrameBytes } from './frame.ts'

const frame = fc.record({
  header: fc.dictionary(
    fc.string(),
    fc.oneof(fc.string(), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean()),
  ),
  payload: fc.uint8Array({ maxLength: 300 }),
})
const plain = ({ header, payload }: Frame) => [JSON.parse(JSON.stringify(header)), [...payload]]

describe('frames', () => {
  it('are read as they were written, however they are cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat({ max: 40 })), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(({ header, payload }) => encodeFrame(header, payload)))
        const reader = new FrameReader()
        const read: Frame[] = []
        let at = 0
        for (const cut of cuts) {
          read.push(...reader.push(stream.subarray(at, at + cut)))
          at = Math.min(stream.byteLength, at + cut)
        }
        read.push(...reader.push(stream.subarray(at)))
        expect(read.map(plain)).toEqual(frames.map(plain))
      }),
    )
  })

  it.each([
    ['too large', Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2])],
    ['with a header longer than itself', Buffer.from([0, 0, 0, 6, 0, 0, 0, 3, 0x7b, 0x7d])],
    ['with a length below its own fields', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0])],
    ['whose header is no JSON', Buffer.from([0, 0, 0, 6, 0, 0, 0, 2, 0x7b, 0x7b])],
    ['whose header is no object', Buffer.from([0, 0, 0, 6, 0, 0, 0, 2, 0x5b, 0x5d])],
    ['that speaks HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('%s are refused', (_, bytes) => {
    expect(() => [...new FrameReader().push(bytes)]).toThrow(expect.objectContaining({ code: 'refused' }))
  })

  it('too large to be read are not written', () => {
    expect(() => encodeFrame({}, new Uint8Array(maxFrameBytes))).toThrow(expect.objectContaining({ code: 'refused' }))
  })

  it('that come before a malformed one are still read', () => {
    const reader = new FrameReader()
    const read: Frame[] = []
    const both = Buffer.concat([encodeFrame({ id: 1 }), Buffer.alloc(8)])
    expect(() => {
      for (const each of reader.push(both)) read.push(each)
    }).toThrow()
    expect(read).toHaveLength(1)
  })
})
