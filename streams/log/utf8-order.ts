/** The order of strings by their UTF-8 bytes, which is the order of code points; no locale.
 *  It differs from `<` only where a surrogate pair meets a code unit from U+E000 on. */

const isSurrogate = (unit: number) => (unit & 0xf800) === 0xd800

export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const xs = isSurrogate(x)
    return xs === isSurrogate(y) ? x - y : xs ? 1 : -1
  }
  return a.length - b.length
}
