/** The bytes of a file, unpacked where they are gzip (by their first bytes, never by the name).
 *
 *  Y1  Everything that could be unpacked is handed on before a file that is cut off or broken throws: the usual ways of
 *      piping into a gunzip drop what was still buffered.
 *  Y2  One piece of the file is unpacked at a time: memory is bounded by what 64 KB unpack to. */
import { type FileHandle, open } from 'node:fs/promises'
import { createGunzip, type Gunzip } from 'node:zlib'
import { CaptureError } from './errors.ts'

const PIECE_BYTES = 64 * 1024

export interface Bytes {
  readonly bytes: Buffer
  /** Of the file as it lies on disk. */
  readonly bytesRead: number
  readonly bytesTotal: number
}

/** Reads a file piece by piece. Throws CaptureError (`unreadable`, `cut-off`, `damaged`). */
export async function* bytesOf(path: string): AsyncGenerator<Bytes, void, undefined> {
  const file = await opened(path)
  let unpacker: Unpacker | undefined
  try {
    const bytesTotal = (await file.stat()).size
    let bytesRead = 0
    for (;;) {
      const piece = await nextPiece(file, path)
      if (piece.length === 0) break
      if (bytesRead === 0 && isGzip(piece)) unpacker = startUnpacker()
      bytesRead += piece.length
      if (!unpacker) {
        yield { bytes: piece, bytesRead, bytesTotal }
        continue
      }
      const { bytes, error } = await unpacker.take(piece)
      if (bytes.length > 0) yield { bytes, bytesRead, bytesTotal }
      if (error) throw new CaptureError('damaged', 'its compressed data is broken', { path }, error)
    }
    if (!unpacker) return
    const { bytes, error } = await unpacker.end()
    if (bytes.length > 0) yield { bytes, bytesRead, bytesTotal }
    if (error) throw new CaptureError('cut-off', 'its compressed data ends early', { path }, error)
  } finally {
    unpacker?.stop()
    await file.close()
  }
}

async function opened(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
  } catch (error) {
    throw new CaptureError('unreadable', 'cannot be opened', { path }, error)
  }
  await file.close()
  throw new CaptureError('unreadable', 'is no file', { path })
}

async function nextPiece(file: FileHandle, path: string): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES)
  try {
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw new CaptureError('unreadable', 'cannot be read', { path }, error)
  }
}

function isGzip(piece: Buffer): boolean {
  return piece[0] === 0x1f && piece[1] === 0x8b
}

interface Unpacked {
  readonly bytes: Buffer
  readonly error?: Error
}

interface Unpacker {
  take(piece: Buffer): Promise<Unpacked>
  end(): Promise<Unpacked>
  stop(): void
}

function startUnpacker(): Unpacker {
  const gunzip = createGunzip()
  let parts: Buffer[] = []
  gunzip.on('data', (part: Buffer) => parts.push(part))
  const failed = new Promise<Error>(resolve => gunzip.once('error', resolve))
  const after = async (step: (done: () => void) => void): Promise<Unpacked> => {
    const error = await Promise.race([failed, new Promise<undefined>(resolve => step(() => resolve(undefined)))])
    if (!error) drain(gunzip)
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    parts = []
    return error ? { bytes, error } : { bytes }
  }
  return {
    // A broken stream fails with an event and without calling back, hence the race.
    take: piece => after(done => gunzip.write(piece, failure => !failure && done())),
    end: () =>
      after(done => {
        gunzip.once('end', done)
        gunzip.end()
      }),
    stop: () => gunzip.destroy(),
  }
}

/** Hands out what the stream has unpacked but not yet emitted; `read` emits it as `data`. */
function drain(gunzip: Gunzip): void {
  while (gunzip.read() !== null) {}
}
