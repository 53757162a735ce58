/** Bytes as people read them: offset, sixteen bytes in hexadecimal, the same as text. */

/** Bytes that are shown; more says only how many. */
const MOST = 2_048
const ROW = 16

export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = []
  for (let at = 0; at < Math.min(bytes.length, MOST); at += ROW) {
    const row = bytes.subarray(at, Math.min(at + ROW, bytes.length, MOST))
    const hex = Array.from(row, byte => byte.toString(16).padStart(2, '0')).join(' ')
    const text = Array.from(row, byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    rows.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW * 3)} ${text}`)
  }
  if (bytes.length > MOST) rows.push(`and ${bytes.length - MOST} bytes more; --json has them all`)
  return rows.join('\n')
}
