/** Lines of coloured pieces, cut to a width before they are painted: an escape sequence is never cut in half. */

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Text, and how it looks. */
export type Piece = string | readonly [text: string, colour: Colour]
export type Line = readonly Piece[]

const codes: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

const textOf = (piece: Piece) => (typeof piece === 'string' ? piece : piece[0])

/** The line within `columns`; what does not fit ends in a dot-dot. */
export function painted(line: Line, columns: number, colours: boolean): string {
  const total = line.reduce((sum, piece) => sum + textOf(piece).length, 0)
  let left = total > columns ? Math.max(0, columns - 2) : columns
  let text = ''
  for (const piece of line) {
    const part = textOf(piece).slice(0, left)
    left -= part.length
    if (part === '') continue
    const [on, off] = typeof piece === 'string' ? [0, 0] : codes[piece[1]]
    text += colours && on ? `\u001b[${on}m${part}\u001b[${off}m` : part
  }
  return total > columns ? `${text}..`.slice(0, colours ? undefined : columns) : text
}

/** Columns side by side, each as wide as its widest cell; numbers stand to the right. */
export function table(rows: readonly (readonly Piece[])[], right: readonly number[] = []): Line[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, textOf(cell).length)
  }
  return rows.map(row =>
    row.flatMap((cell, at): Piece[] => {
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - textOf(cell).length))
      const gap = at === row.length - 1 ? '' : '  '
      return right.includes(at) ? [space, cell, gap] : [cell, at === row.length - 1 ? '' : space, gap]
    }),
  )
}
