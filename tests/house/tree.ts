/** The repository as the rules see it: rooms, files, texts and parsed sources, each read once.
 *
 *  A tree may be the repository or a folder that a test made up, so nothing here knows where it stands. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSource, type Source } from './source.ts'

export interface Manifest {
  readonly name?: string
  readonly workspaces?: readonly string[]
  readonly exports?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Tree {
  readonly root: string
  /** Every file that is ours, sorted, from the root, with `/`. */
  readonly files: readonly string[]
  /** The TypeScript among them. */
  readonly sources: readonly string[]
  /** Workspaces by the root's package.json. */
  readonly rooms: readonly string[]
  has(path: string): boolean
  text(path: string): string
  source(path: string): Source
  /** The package.json of a room; of the root for ''. */
  manifest(room: string): Manifest
}

/** Folders that hold nothing of ours. */
const foreign = new Set(['node_modules', '.git', '.turbo', '.tideway', 'coverage', 'dist'])

export function openTree(root: string): Tree {
  const files = list(root, '').sort()
  const known = new Set(files)
  const texts = new Map<string, string>()
  const parsed = new Map<string, Source>()
  const manifests = new Map<string, Manifest>()
  const text = (path: string) => remember(texts, path, () => readFileSync(join(root, path), 'utf8'))
  const manifest = (room: string) =>
    remember(manifests, room, (): Manifest => {
      const path = room === '' ? 'package.json' : `${room}/package.json`
      return known.has(path) ? JSON.parse(text(path)) : {}
    })
  return {
    root,
    files,
    sources: files.filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts')),
    rooms: manifest('').workspaces ?? [],
    has: path => known.has(path),
    text,
    source: path => remember(parsed, path, () => parseSource(path, text(path))),
    manifest,
  }
}

function list(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : list(root, path)
    return entry.isFile() ? [path] : []
  })
}

function remember<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key)
  if (known !== undefined) return known
  const made = make()
  memory.set(key, made)
  return made
}

/** The first folder of a path; '' for a file at the root. */
export function roomOf(path: string): string {
  const slash = path.indexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts')
}

/** Tests, and what only tests use: builders, golden values, suites over every implementation. */
export function isForTests(path: string): boolean {
  const folders = path.split('/').slice(0, -1)
  return isTest(path) || folders.includes('testing') || folders.includes('conformance')
}

export function isGenerated(path: string): boolean {
  return path.split('/').includes('generated')
}

/** Whether `path` is the place or lies in it. */
export function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}
