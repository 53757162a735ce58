/** What a verb says: answers on standard output, everything about them on standard error. */
import { type Line, painted, table } from '@tideway/stack/supervise'

const PIPED = 10_000

const coloured = (stream: NodeJS.WriteStream) => stream.isTTY === true && stream.hasColors()

/** One JSON value, and nothing else. Decimals are strings, bytes are base64. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, plain, 2)}\n`)
}

function plain(this: unknown, _key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function sayLines(lines: readonly Line[]): void {
  const columns = process.stdout.isTTY ? process.stdout.columns : PIPED
  for (const line of lines) say(painted(line, columns, coloured(process.stdout)).trimEnd())
}

export function sayTable(rows: Parameters<typeof table>[0], right: readonly number[] = []): void {
  sayLines(table(rows, right))
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
