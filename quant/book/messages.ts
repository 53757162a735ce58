/** What a book is fed with: prices in whole ticks, sizes in whole lots, parallel arrays, best levels first or last.
 *  An id of -1 says that the venue gives none. */

export interface QuoteMessage {
  readonly updateId: number
  /** 0 says that the side is empty. */
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
}

export interface LevelsMessage {
  readonly bidTicks: ArrayLike<number>
  /** 0 removes the level. */
  readonly bidLots: ArrayLike<number>
  readonly askTicks: ArrayLike<number>
  readonly askLots: ArrayLike<number>
}

export interface DepthMessage extends LevelsMessage {
  readonly firstUpdateId: number
  readonly lastUpdateId: number
  readonly previousUpdateId: number
}

export interface SnapshotMessage extends LevelsMessage {
  readonly lastUpdateId: number
}
