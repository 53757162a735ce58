/** The last `capacity` numbers. Plain state on a typed array: a fold keeps it, a save copies it. */

export interface Ring {
  readonly values: Float64Array
  /** Where the next value goes. */
  at: number
  /** How many values it holds. */
  count: number
}

export function createRing(capacity: number): Ring {
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new RangeError(`a ring holds 1 value at least, not ${capacity}`)
  return { values: new Float64Array(capacity), at: 0, count: 0 }
}

/** Adds a value; returns the one that it pushes out, NaN while the ring fills. */
export function pushRing(ring: Ring, value: number): number {
  const { values, at } = ring
  const capacity = values.length
  const pushedOut = ring.count === capacity ? (values[at] as number) : Number.NaN
  values[at] = value
  ring.at = at + 1 === capacity ? 0 : at + 1
  if (ring.count < capacity) ring.count++
  return pushedOut
}

/** The value `age` pushes ago (0 is the last one); NaN where the ring does not reach that far back. */
export function ringAt(ring: Ring, age: number): number {
  if (age >= ring.count) return Number.NaN
  const at = ring.at - 1 - age
  return ring.values[at < 0 ? at + ring.values.length : at] as number
}

export function isFull(ring: Ring): boolean {
  return ring.count === ring.values.length
}
