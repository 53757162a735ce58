/** Wake-ups in the order in which they fire: due, key, stage rank, number (the order of their roots). */
import { compareRoots, type Identity, type Root } from '@tideway/schemas'

export interface Timer {
  readonly root: Root
  /** Index of the stage in the segment. */
  readonly stage: number
  readonly key: string
  readonly tag: string
  /** The event that asked for it. */
  readonly cause: Identity
}

/** A binary heap of timers. */
export class TimerQueue {
  readonly #heap: Timer[] = []

  get size(): number {
    return this.#heap.length
  }

  peek(): Timer | undefined {
    return this.#heap[0]
  }

  add(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (!above || compareRoots(above.root, timer.root) <= 0) break
      heap[at] = above
      at = parent
    }
    heap[at] = timer
  }

  take(): Timer | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const a = heap[left]
      if (!a) break
      const b = heap[left + 1]
      const smaller = b && compareRoots(b.root, a.root) < 0 ? b : a
      if (compareRoots(last.root, smaller.root) <= 0) break
      heap[at] = smaller
      at = smaller === a ? left : left + 1
    }
    heap[at] = last
    return first
  }

  clear(): void {
    this.#heap.length = 0
  }
}
