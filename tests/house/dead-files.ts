/** Files that nothing leads to.
 *
 *  D1  What runs is reached from a door (`exports`), a script or a `bin` of a package.json, a benchmark or a setting of
 *      a tool at the root; a test reaches only tests and what is made for them (`testing/`, `tests/`).
 *  D2  A file reaches what it imports, and the files that it names as a string: workers, children.
 *  D3  So code that only its own test uses is dead. */
import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import { isForTests, isTest, roomOf, type Tree } from './tree.ts'

export function checkDeadFiles(tree: Tree): Finding[] {
  const running = reachedFrom(tree, tree.sources.filter(isEntry(tree)))
  const testing = reachedFrom(tree, tree.sources.filter(isTest))
  return tree.sources
    .filter(file => !running.has(file) && !((isForTests(file) || roomOf(file) === 'tests') && testing.has(file)))
    .map(file => ({
      file,
      line: 0,
      wall: 'no dead files',
      problem: testing.has(file) ? `only tests lead to ${file}` : `nothing leads to ${file}`,
      remedy: 'Remove it, or import it where it belongs, or name it in a package.json',
    }))
}

/** D1 */
function isEntry(tree: Tree): (file: string) => boolean {
  const named = new Set(
    ['', ...tree.rooms].flatMap(room => {
      const { exports = {}, scripts = {}, bin = {} } = tree.manifest(room)
      const inScripts = Object.values(scripts).flatMap(line => line.split(/\s+/))
      return [...Object.values(exports), ...Object.values(bin), ...inScripts].map(path => posix.join(room, path))
    }),
  )
  const patterns = [...named].filter(path => path.includes('*')).map(path => path.split('*'))
  const byPattern = (file: string) =>
    patterns.some(([before = '', after = '']) => file.startsWith(before) && file.endsWith(after))
  const launchers = tree.files.filter(file => named.has(file) && !file.endsWith('.ts'))
  const launched = new Set(launchers.flatMap(file => namedByLauncher(tree, file)))
  return file =>
    named.has(file) || byPattern(file) || launched.has(file) || roomOf(file) === 'bench' || file.endsWith('.config.ts')
}

/** A `bin` without ending is a script that starts a TypeScript file. */
function namedByLauncher(tree: Tree, file: string): string[] {
  const names = tree.text(file).match(/[\w./-]+\.ts\b/g) ?? []
  return names.map(name => posix.join(posix.dirname(file), name))
}

function reachedFrom(tree: Tree, entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = [...entries]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    waiting.push(...ledToBy(tree, file))
  }
  return reached
}

/** D2 */
function ledToBy(tree: Tree, file: string): string[] {
  const { imports, mentions } = tree.source(file)
  const folder = posix.dirname(file)
  const relative = imports.map(each => each.specifier).filter(specifier => specifier.startsWith('.'))
  const beside = [...relative, ...mentions].map(path => posix.join(folder, path))
  return [...beside, ...mentions].filter(path => path.endsWith('.ts') && tree.has(path))
}
