/** Broken invariants that stop a task before it commits: no retry mends them. */

/** A stage gave other bytes for the same log. */
export class NondeterminismError extends Error {
  override readonly name = 'NondeterminismError'
}

/** A record came below what its partition had promised. */
export class WatermarkError extends Error {
  override readonly name = 'WatermarkError'
}
