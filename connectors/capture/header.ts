/** The optional first line of a capture, in which our own recorder says outright what it holds. */

export const CAPTURE_VERSION = 1

export interface CaptureHeader {
  readonly venue: string
  /** As the venue writes it, such as `BTCUSDT`. */
  readonly symbol?: string
  readonly version: number
}

/** Text of the header line, without a line feed. */
export function formatHeader({ venue, symbol, version }: CaptureHeader): string {
  return `0 ${JSON.stringify({ tideway: 'capture', venue, symbol, version })}`
}

/** Undefined where the line is no header. */
export function parseHeader(line: string): CaptureHeader | undefined {
  if (!line.startsWith('0 {"tideway":"capture"')) return undefined
  let said: unknown
  try {
    said = JSON.parse(line.slice(2))
  } catch {
    return undefined // a damaged header is a damaged line
  }
  const { venue, symbol, version } = said as Partial<Record<string, unknown>>
  if (typeof venue !== 'string' || typeof version !== 'number') return undefined
  return typeof symbol === 'string' ? { venue, symbol, version } : { venue, version }
}
