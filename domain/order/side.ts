/** The side of a trade as a sign. */
import type { Side } from '@tideway/schemas'

/** 1 buys, -1 sells. */
export function directionOf(side: Side): 1 | -1 {
  return side === 'buy' ? 1 : -1
}
