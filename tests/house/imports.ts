/** The direction of imports: reads every import of every file against the table of walls.
 *
 *  I1  A relative import stays in its room.
 *  I2  A room is entered by a door that its `exports` names, and only from rooms that the table lets in.
 *  I3  Anything else that is imported is declared where it is used: in the room's package.json, or, for tests, at the
 *      root.
 *  I4  A vendor is known in its one place.
 *  I5  A stage never imports another; strategies import what a user's own file may import.
 *  I6  A pure room imports nothing of Node.js but functions of their arguments, by name. */
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import type { Import } from './source.ts'
import { isForTests, isWithin, type Manifest, roomOf, type Tree } from './tree.ts'
import {
  aboveStages,
  pureOfNode,
  pureRooms,
  scriptsOfPureRooms,
  sharedByStages,
  vendors as vendorTable,
  walls as wallTable,
} from './walls.ts'

const SCOPE = '@tideway/'

export interface ImportRules {
  readonly walls: Readonly<Record<string, readonly string[]>>
  readonly vendors: Readonly<Record<string, readonly string[]>>
}

export function checkImports(tree: Tree, rules: ImportRules = { walls: wallTable, vendors: vendorTable }): Finding[] {
  const files = tree.sources.flatMap(file =>
    tree.source(file).imports.flatMap(each => {
      const finding = judge(tree, rules, file, each)
      return finding ? [{ file, line: each.line, ...finding }] : []
    }),
  )
  return [...roomsWithoutRow(tree, rules), ...declaredAgainstTheTable(tree, rules), ...files]
}

type Verdict = Omit<Finding, 'file' | 'line'> | undefined

function judge(tree: Tree, rules: ImportRules, file: string, { specifier, names }: Import): Verdict {
  if (specifier.startsWith('.')) return relative(tree, file, specifier)
  if (specifier.startsWith(SCOPE)) return ofOurs(tree, rules, file, specifier.slice(SCOPE.length))
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return ofNode(file, specifier, names)
  return ofOthers(tree, rules, file, specifier)
}

function relative(tree: Tree, file: string, specifier: string): Verdict {
  const room = roomOf(file)
  const target = posix.normalize(posix.join(posix.dirname(file), specifier))
  if (room !== roomOf(target))
    // I1
    return {
      wall: `${room} -> outside`,
      problem: `'${specifier}' leaves ${room === '' ? 'the root' : `${room}/`}`,
      remedy: `Import '${SCOPE}${roomOf(target)}' through one of its doors, or move the line down to where both may read it`,
    }
  if (!tree.has(target))
    return {
      wall: 'files exist',
      problem: `'${specifier}' names no file`,
      remedy: 'Write the path with its ending, .ts, as it stands in the tree',
    }
  if (room === 'processors' && !isForTests(file)) return betweenStages(file, target)
  if (room === 'strategies' && !isForTests(file) && file !== 'strategies/index.ts')
    // I5
    return {
      wall: 'a strategy is one file',
      problem: `'${specifier}' is another file of strategies/, which a user's file does not have`,
      remedy: `Move what is shared into quant/, domain/ or processors/strategy`,
    }
  return undefined
}

/** I5 */
function betweenStages(file: string, target: string): Verdict {
  const from = partOf(file)
  const to = partOf(target)
  if (from === to || aboveStages.includes(from)) return undefined
  if (aboveStages.includes(to))
    return {
      wall: 'stages -> topology',
      problem: `${from} imports ${to}, which knows every stage`,
      remedy: `Take what is needed from processors/strategy or processors/values`,
    }
  const isStage = (part: string) => !part.endsWith('.ts') && !sharedByStages.includes(part)
  if (!isStage(to) || from === 'testing') return undefined
  return {
    wall: 'stages never import each other',
    problem: `${from} imports the stage ${to}`,
    remedy: `Read ${to}'s topic, or move the shared line down into domain/ or quant/ or processors/values`,
  }
}

/** The folder below `processors/`, or the file that lies in it directly. */
function partOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function ofOurs(tree: Tree, rules: ImportRules, file: string, rest: string): Verdict {
  const [target = '', ...inside] = rest.split('/')
  const room = roomOf(file)
  const door = inside.length === 0 ? '.' : `./${inside.join('/')}`
  const name = `${SCOPE}${rest}`
  if (room !== target) {
    const allowed = rules.walls[room]
    if (allowed && !allowed.includes(target) && !allowed.includes(rest)) return forbidden(room, rest, allowed)
    const undeclared = declaration(tree, file, `${SCOPE}${target}`)
    if (undeclared) return undeclared
  }
  const leadsTo = doorOf(tree.manifest(target), door)
  if (leadsTo === undefined)
    return {
      wall: `doors of ${target}`,
      problem: `'${name}' is no door: "exports" of ${target}/package.json does not name '${door}'`,
      remedy: `Use one of ${Object.keys(tree.manifest(target).exports ?? {}).join(', ') || 'its doors (it has none)'}, or name the door there`,
    }
  const path = posix.join(target, leadsTo)
  if (!tree.has(path))
    return {
      wall: `doors of ${target}`,
      problem: `'${name}' leads to ${path}, which does not exist`,
      remedy: `Write that file, or correct "exports" of ${target}/package.json`,
    }
  return undefined
}

/** I2 */
function forbidden(room: string, rest: string, allowed: readonly string[]): Verdict {
  const rooms = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing of ours'
  return {
    wall: `${room} -> ${rest}`,
    problem: `${room} imports ${rooms}`,
    remedy: 'Move what both need down into a room that both may read, or let stack/ pass it in',
  }
}

/** Where a door leads, patterns with one `*` included; undefined where `exports` has no such door. */
function doorOf(manifest: Manifest, door: string): string | undefined {
  for (const [pattern, target] of Object.entries(manifest.exports ?? {})) {
    if (pattern === door) return target
    const [before = '', after] = pattern.split('*')
    if (after === undefined || !door.startsWith(before) || !door.endsWith(after)) continue
    if (door.length > before.length + after.length)
      return target.replace('*', door.slice(before.length, door.length - after.length))
  }
  return undefined
}

/** I6 */
function ofNode(file: string, specifier: string, names: readonly string[] | undefined): Verdict {
  const room = roomOf(file)
  if (!specifier.startsWith('node:'))
    return { wall: 'node: prefix', problem: `'${specifier}' is Node's own`, remedy: `Write 'node:${specifier}'` }
  if (!pureRooms.includes(room) || isForTests(file) || scriptsOfPureRooms.includes(file)) return undefined
  if (names?.every(name => pureOfNode[specifier]?.includes(name))) return undefined
  return {
    wall: `${room} is pure`,
    problem: `'${specifier}' reaches the machine`,
    remedy: 'Let a connector or the stack read it and put it into the log, or pass it in as data',
  }
}

function ofOthers(tree: Tree, rules: ImportRules, file: string, specifier: string): Verdict {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const places = rules.vendors[name] ?? rules.vendors[name.split('/')[0] ?? '']
  const room = roomOf(file)
  if (places && room !== 'bench' && room !== 'tests' && !places.some(place => isWithin(file, place)))
    // I4
    return {
      wall: `only ${places.join(', ')} knows ${name}`,
      problem: `${file} imports '${specifier}'`,
      remedy: `Call ${places[0]} in our own words, or add the word there`,
    }
  return declaration(tree, file, name)
}

/** I3 */
function declaration(tree: Tree, file: string, name: string): Verdict {
  const room = tree.rooms.includes(roomOf(file)) ? roomOf(file) : ''
  const declares = ({ dependencies, devDependencies, optionalDependencies }: Manifest) =>
    name in { ...dependencies, ...devDependencies, ...optionalDependencies }
  if (declares(tree.manifest(room))) return undefined
  if ((isForTests(file) || room === 'tests' || room === 'bench') && declares(tree.manifest(''))) return undefined
  const place = room === '' ? 'package.json' : `${room}/package.json`
  return {
    wall: 'declared where used',
    problem: `'${name}' is not a dependency in ${place}`,
    remedy: `Add it there with its exact version, or do without it`,
  }
}

function roomsWithoutRow(tree: Tree, rules: ImportRules): Finding[] {
  return tree.rooms
    .filter(room => !(room in rules.walls))
    .map(room => ({
      file: `${room}/package.json`,
      line: 0,
      wall: 'every room has a row',
      problem: `${room} is a workspace and has no row in tests/house/walls.ts`,
      remedy: 'Add its row: which rooms may it import',
    }))
}

/** A dependency that is declared is a wall with a hole, even while nobody goes through. */
function declaredAgainstTheTable(tree: Tree, rules: ImportRules): Finding[] {
  return tree.rooms.flatMap(room => {
    const allowed = (rules.walls[room] ?? []).map(roomOfDoor)
    return Object.keys(tree.manifest(room).dependencies ?? {})
      .filter(name => name.startsWith(SCOPE) && !allowed.includes(name.slice(SCOPE.length)))
      .map(name => ({
        file: `${room}/package.json`,
        line: 0,
        wall: `${room} -> ${name.slice(SCOPE.length)}`,
        problem: `${room} declares ${name}, which the table does not let it import`,
        remedy: 'Remove the dependency',
      }))
  })
}

function roomOfDoor(row: string): string {
  return row.split('/')[0] ?? ''
}
