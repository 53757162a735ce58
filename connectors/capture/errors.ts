/** What can be wrong with a capture as a whole. A damaged line is no error: the reader hands it on. */

export type CaptureErrorCode =
  | 'unreadable' // the file cannot be opened or read
  | 'unwritable' // a new capture cannot be made, or the disk is full
  | 'not-a-capture' // its lines are no `RECEIVE_TIME_NS JSON`
  | 'cut-off' // its compressed data ends early
  | 'damaged' // its compressed data is broken
  | 'unknown-venue' // its content does not say whose messages they are
  | 'overlap' // two captures of one feed cover the same time

export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly code: CaptureErrorCode
  /** The file. */
  readonly path: string
  /** The last line that could be read; 0 where none could. */
  readonly line: number
  /** What a person can do. */
  readonly remedy: string

  constructor(code: CaptureErrorCode, what: string, place: { path: string; line?: number }, cause?: unknown) {
    super(`${place.path}: ${what}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.path = place.path
    this.line = place.line ?? 0
    this.remedy = remedies[code]
  }
}

const remedies: Readonly<Record<CaptureErrorCode, string>> = {
  unreadable: 'Check the path and that you may read the file.',
  unwritable: 'Check that the folder exists, that the file does not, and that there is room.',
  'not-a-capture':
    'Give a capture: gzip or plain text, each line a receive time in nanoseconds, a space and the message.',
  'cut-off':
    'What stands before it was read. Copy the file again; if it was cut off while recording, nothing is missing.',
  damaged: 'What stands before it was read. Copy the file again and compare its checksum with the original.',
  'unknown-venue': 'Give the capture a first line `0 {"tideway":"capture","venue":"...","version":1}`.',
  overlap: 'Give only one of them: the same messages would be counted twice.',
}
