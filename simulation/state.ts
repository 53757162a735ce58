/** The state that the trading tasks have committed, as text that can be compared. */
import { deserialize } from 'node:v8'
import type { Log } from '@tideway/streams'

/** By stage and key, whatever the layout. Opens the tasks' writers: only for a log whose tasks are done. */
export async function stateOf(log: Log): Promise<Map<string, string>> {
  const states = new Map<string, string>()
  for (const { name } of await log.writers()) {
    if (!name.startsWith('trading')) continue
    const saved = await (await log.open(name)).restore()
    for (const [key, value] of saved?.state ?? []) {
      // Stages of a key share their counts; a cell keeps those of the last commit that changed it.
      const { counts: _, ...cell } = deserialize(value) as { counts: unknown }
      states.set(key, textOf(cell))
    }
  }
  return states
}

/** JSON that knows Maps, Sets, typed arrays, bigints and undefined; the keys of plain objects in order. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (each instanceof Map) return { map: [...each] }
    if (each instanceof Set) return { set: [...each] }
    if (ArrayBuffer.isView(each) && !(each instanceof DataView))
      return { array: Array.from(each as unknown as ArrayLike<number>, String) }
    if (typeof each === 'bigint') return `${each}n`
    if (each === undefined) return 'undefined'
    if (typeof each === 'number' && !Number.isFinite(each)) return String(each)
    if (each && typeof each === 'object' && !Array.isArray(each))
      return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
    return each
  })
}
