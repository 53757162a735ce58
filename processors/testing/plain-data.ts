/** What a saved state may consist of (G3 of a stage), and how to hand something on so that nobody can change it. */

/** Throws a TypeError naming the path of the first thing that a log could not keep. */
export function assertPlain(value: unknown, path = 'state'): void {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value !== 'object') throw new TypeError(`${path} is ${typeof value}: no plain data`)
  if (ArrayBuffer.isView(value)) return
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) assertPlain(item, `${path}[${i}]`)
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      assertPlain(key, `key of ${path}`)
      assertPlain(item, `${path}.get(${String(key)})`)
    }
  } else {
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError(`${path} is a ${prototype.constructor?.name}: save it as plain data`)
    }
    for (const [key, item] of Object.entries(value)) assertPlain(item, `${path}.${key}`)
  }
}

/** Freezes arrays and plain objects all the way down; numbers of a library and typed arrays stay as they are. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  const prototype = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value
  Object.freeze(value)
  for (const item of Object.values(value)) freezeDeep(item)
  return value
}
