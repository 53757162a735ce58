/** A small repository in a folder of its own, for rules to read. It goes when the test ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openTree, type Tree } from '../tree.ts'

/** Files by path. A room that only has source files gets the package.json of a room with one door, index.ts. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const root = mkdtempSync(join(tmpdir(), 'tideway-house-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(withManifests(files))) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return openTree(root)
}

/** The text of a room's package.json. */
export function aRoom(name: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ name: `@tideway/${name}`, exports: { '.': './index.ts' }, ...more })
}

const places = new Set(['docs', 'node_modules', 'ui'])

function withManifests(files: Readonly<Record<string, string>>): Record<string, string> {
  const rooms = [...new Set(Object.keys(files).flatMap(path => /^([^./]+)\//.exec(path)?.[1] ?? []))].filter(
    room => !places.has(room),
  )
  const manifests = Object.fromEntries(rooms.map(room => [`${room}/package.json`, aRoom(room)]))
  return { 'package.json': JSON.stringify({ name: 'tideway', workspaces: rooms }), ...manifests, ...files }
}
