import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { repository } from './testing/repository.ts'
import { roomOf } from './tree.ts'
import { walls } from './walls.ts'

const roomsOf = (row: readonly string[]) => row.map(each => each.split('/')[0] ?? '')

describe('the table of walls', () => {
  it('has a row for every workspace', () => {
    expect(Object.keys(walls)).toEqual(expect.arrayContaining([...repository.rooms]))
  })

  it('names only rooms that have a row of their own', () => {
    for (const [room, row] of Object.entries(walls))
      for (const target of roomsOf(row)) expect(Object.keys(walls), `row of ${room}`).toContain(target)
  })

  it('has no loop: from no room does one come back to it (W4)', () => {
    const reach = (room: string): Set<string> => {
      const seen = new Set<string>()
      const waiting = roomsOf(walls[room] ?? [])
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (seen.has(next)) continue
        seen.add(next)
        waiting.push(...roomsOf(walls[next] ?? []))
      }
      return seen
    }
    for (const room of Object.keys(walls)) expect(reach(room), room).not.toContain(room)
  })

  it('lets nobody import cli, tests, bench or ui, but what stands above all', () => {
    const importers = (target: string) => Object.keys(walls).filter(room => walls[room]?.includes(target))
    expect(importers('cli')).toEqual(['tests', 'bench'])
    expect(importers('tests')).toEqual([])
    expect(importers('bench')).toEqual([])
    expect(importers('ui')).toEqual([])
  })

  it('leaves no code outside of a room: TypeScript lies in a workspace, or sets up a tool at the root', () => {
    const homeless = repository.sources.filter(file => !repository.rooms.includes(roomOf(file)))
    expect(homeless.filter(file => !file.endsWith('.config.ts'))).toEqual([])
  })

  it('has every workspace in the tree', () => {
    const folders = readdirSync(repository.root)
    for (const room of repository.rooms) expect(folders).toContain(room)
  })
})
