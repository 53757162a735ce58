/** The world shut out: while `inClosedWorld` runs its function, everything that a fold may not touch throws and says
 *  what to use instead. The function is synchronous, so nobody else sees the replaced globals. */

const TIME = 'use turn.time: time arrives as events'
const WAIT = 'use turn.wakeAt: a fold does not wait'
const CHANCE = "take a seed from the event's identity (domain/seed)"
const LOCALE = 'compare and format without a locale: it differs between machines'
const NETWORK = 'a fold asks nobody: a connector puts the answer into the log'
const SETTING = 'what changes a decision is an event on config or commands'

/** Where it hangs, its name, what to do instead. */
const closed: readonly (readonly [holder: () => object, name: string, remedy: string])[] = [
  [() => globalThis, 'Date', TIME],
  [() => globalThis, 'performance', TIME],
  [() => globalThis, 'setTimeout', WAIT],
  [() => globalThis, 'setInterval', WAIT],
  [() => globalThis, 'setImmediate', WAIT],
  [() => globalThis, 'queueMicrotask', WAIT],
  [() => globalThis, 'fetch', NETWORK],
  [() => globalThis, 'WebSocket', NETWORK],
  [() => globalThis, 'crypto', CHANCE],
  [() => Math, 'random', CHANCE],
  [() => globalThis, 'Intl', LOCALE],
  [() => String.prototype, 'localeCompare', LOCALE],
  [() => Number.prototype, 'toLocaleString', LOCALE],
  [() => Reflect.get(globalThis, 'process'), 'env', SETTING],
  [() => Reflect.get(globalThis, 'process'), 'hrtime', TIME],
]

export class ClosedWorldError extends Error {
  override readonly name = 'ClosedWorldError'
}

/** Runs `act` with clock, chance, timers, network, environment and locale replaced by throws. */
export function inClosedWorld<R>(act: () => R): R {
  // All are looked up before any is replaced: looking one up may load it, and loading it may need another.
  const doors = closed.flatMap(([holder, name, remedy]) => {
    const target = holder()
    const before = Object.getOwnPropertyDescriptor(target, name)
    return before === undefined ? [] : [{ target, name, remedy, before }]
  })
  try {
    for (const { target, name, remedy, before } of doors) {
      Object.defineProperty(target, name, {
        configurable: true,
        enumerable: before.enumerable ?? false,
        get() {
          throw new ClosedWorldError(`${name} is not there inside a fold: ${remedy}`)
        },
      })
    }
    return act()
  } finally {
    for (const { target, name, before } of doors) Object.defineProperty(target, name, before)
  }
}
