/** Published indicator tables: bars and the values that another engine computed from them. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const folder = new URL('../../../../shared/data/indicators/', import.meta.url)

export const tablesThere = existsSync(folder)

/** Columns by name; an empty cell is NaN, as is the text of a date. */
export function publishedTable(name: string): (column: string) => number[] {
  const text = gunzipSync(readFileSync(new URL(`${name}.gz`, folder))).toString('utf8')
  const [header = [], ...rows] = text
    .trim()
    .split('\n')
    .map(line => line.split(',').map(cell => cell.trim()))
  return column => {
    const at = header.indexOf(column)
    if (at < 0) throw new Error(`${name} has no column ${column}; it has ${header.join(', ')}`)
    return rows.map(row => (row[at] ? Number(row[at]) : Number.NaN))
  }
}
