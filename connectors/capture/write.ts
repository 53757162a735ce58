/** Writes captures: what `readCapture` reads, gzip, with a header line.
 *
 *  K1  After `flush` everything written so far can be read from the file, even if the process dies then; the reader then
 *      reports the capture as cut off, after its last line.
 *  K2  Calls are carried out one after the other, in the order in which they were made. */
import { open } from 'node:fs/promises'
import { constants, createGzip } from 'node:zlib'
import { CaptureError } from './errors.ts'
import { CAPTURE_VERSION, formatHeader } from './header.ts'

export interface CaptureWriter {
  /** One message, received at `receiveTime` (UTC microseconds). Await it: that is how a slow disk holds back. */
  write(receiveTime: number, raw: string): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

/** Text gathered before it is compressed. */
const BATCH_CHARACTERS = 64 * 1024

/** Starts a new capture of one symbol. An existing file is not overwritten: throws CaptureError (`unwritable`). */
export async function createCapture(path: string, feed: { venue: string; symbol: string }): Promise<CaptureWriter> {
  const unwritable = (error: unknown) => {
    throw new CaptureError(
      'unwritable',
      `cannot be written (${(error as NodeJS.ErrnoException).code})`,
      { path },
      error,
    )
  }
  const file = await open(path, 'wx').catch(unwritable)
  const gzip = createGzip()
  const parts: Buffer[] = []
  gzip.on('data', (part: Buffer) => parts.push(part))
  let batch = `${formatHeader({ ...feed, version: CAPTURE_VERSION })}\n`
  let queue = Promise.resolve()

  const after = async (step: (done: () => void) => void) => {
    await new Promise<void>(resolve => step(resolve))
    while (gzip.read() !== null) {} // emits what is compressed but was not yet handed out
    for (const part of parts.splice(0)) await file.writeFile(part)
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = queue.then(work).catch(unwritable)
    queue = turn.catch(() => {}) // K2; the caller has the error
    return turn
  }
  const push = () => {
    const text = batch
    batch = ''
    return after(done => gzip.write(text, () => done()))
  }
  return {
    async write(receiveTime, raw) {
      if (raw.includes('\n')) throw new RangeError('a message of a capture is one line')
      batch += `${receiveTime}000 ${raw}\n`
      if (batch.length >= BATCH_CHARACTERS) await inTurn(push)
    },
    flush: () =>
      inTurn(async () => {
        await push()
        await after(done => gzip.flush(constants.Z_SYNC_FLUSH, done))
      }),
    close: () =>
      inTurn(async () => {
        await push()
        await after(done => gzip.once('end', done).end())
        await file.close()
      }),
  }
}
