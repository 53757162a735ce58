/** The watermark of one partition: the minimum over its sources.
 *
 *  W1  A source never goes back: a lower time is ignored.
 *  W2  The partition never goes back: a source that joins late holds it where it is until the source has come so far.
 *      A source is announced with time 0 before others move, where it must not be overtaken.
 *  W3  A removed source no longer counts; without sources the last promise stands.
 *  W4  What one commit says about several sources counts together: `set` each, then `settle`. */

export class SourceWatermarks {
  /** UTC microseconds; 0 promises nothing. */
  time: number
  readonly sources: Map<string, number>

  constructor(time = 0, sources: Iterable<readonly [string, number]> = []) {
    this.time = time
    this.sources = new Map(sources)
  }

  /** `null` removes the source. */
  set(source: string, time: number | null): void {
    if (time === null) this.sources.delete(source)
    else this.sources.set(source, Math.max(time, this.sources.get(source) ?? 0)) // W1
  }

  /** Takes the minimum. */
  settle(): void {
    if (this.sources.size === 0) return // W3
    let least = Number.POSITIVE_INFINITY
    for (const each of this.sources.values()) if (each < least) least = each
    if (least > this.time) this.time = least // W2
  }

  copy(): SourceWatermarks {
    return new SourceWatermarks(this.time, this.sources)
  }
}
