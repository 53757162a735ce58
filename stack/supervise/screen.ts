/** A screen that is redrawn in place, on the terminal's second page, so that what stood there before comes back.
 *
 *  R1  A drawing is one write: lines over the old ones, each cleared to its end, then what is below; nothing is blanked
 *      first, so nothing flickers. Terminals that know how show it at once (synchronised output, mode 2026).
 *  R2  The cursor and the first page come back however it ends (`close`, and at the process' exit). */
import type { WriteStream } from 'node:tty'

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const BEGIN = '\u001b[?2026h\u001b[H'
const END = '\u001b[J\u001b[?2026l'
const CLEAR_TO_END = '\u001b[K'

export class Screen {
  readonly #stream: WriteStream
  readonly #draw: (columns: number, rows: number) => readonly string[]
  readonly #redraw = () => this.draw()
  readonly #leave = () => this.close()
  #isOpen = false

  /** `draw` gives the lines of a screen of that size. */
  constructor(stream: WriteStream, draw: (columns: number, rows: number) => readonly string[]) {
    this.#stream = stream
    this.#draw = draw
  }

  open(): void {
    this.#isOpen = true
    this.#stream.write(ENTER)
    this.#stream.on('resize', this.#redraw)
    process.once('exit', this.#leave)
    this.draw()
  }

  draw(): void {
    if (!this.#isOpen) return
    const { columns, rows } = this.#stream
    const lines = this.#draw(columns || 80, rows || 24)
    this.#stream.write(`${BEGIN}${lines.map(line => line + CLEAR_TO_END).join('\r\n')}${END}`) // R1
  }

  /** R2 */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#stream.off('resize', this.#redraw)
    process.off('exit', this.#leave)
    this.#stream.write(LEAVE)
  }
}
