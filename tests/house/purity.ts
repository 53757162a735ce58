/** Calls that make a fold depend on more than its event, found by reading the code.
 *
 *  P1  Pure rooms use no clock, chance, environment, network, timer or locale; tests and scripts of theirs may.
 *  P2  Only `stack/settings` reads the environment.
 *  P3  A name that a file declares itself is its own: `fetch` as a parameter is no call of the network. */
import type { Finding } from './finding.ts'
import { type Source, type SyntaxNode, walk } from './source.ts'
import { isForTests, isWithin, roomOf, type Tree } from './tree.ts'
import { environmentReaders, pureRooms, scriptsOfPureRooms } from './walls.ts'

const time = "Time arrives as events: use the turn's time"
const waiting = "A fold does not wait: ask for a wake-up with the turn's wakeAt"
const asking = 'A fold asks nobody: a connector puts the answer into the log'
const chance = "Take a seed from the event's identity (domain/seed)"
const locale = 'Locale and time zone differ between machines: compare by code unit, print numbers plainly'
const memory = 'What the collector does must not show: keep plain state'

/** Globals that a pure room may not touch, with what to do instead. */
const impureGlobals: Readonly<Record<string, string>> = {
  Date: time,
  performance: time,
  process: 'Configuration arrives as events: read it from the log',
  globalThis: 'It is a way around this rule: name what is needed and pass it in',
  fetch: asking,
  XMLHttpRequest: asking,
  WebSocket: asking,
  EventSource: asking,
  navigator: asking,
  setTimeout: waiting,
  setInterval: waiting,
  setImmediate: waiting,
  queueMicrotask: waiting,
  crypto: chance,
  Intl: locale,
  WeakRef: memory,
  FinalizationRegistry: memory,
  console: 'A fold tells nobody: emit an event, or let the task count it',
}

/** Members that are impure on whatever they are called. */
const impureMembers: Readonly<Record<string, string>> = {
  toLocaleString: locale,
  toLocaleDateString: locale,
  toLocaleTimeString: locale,
  toLocaleLowerCase: locale,
  toLocaleUpperCase: locale,
  localeCompare: locale,
}

export function checkPurity(tree: Tree): Finding[] {
  return tree.sources.flatMap(file => {
    const pure = pureRooms.includes(roomOf(file)) && !isForTests(file) && !scriptsOfPureRooms.includes(file)
    if (pure) return impurities(tree.source(file))
    const free = roomOf(file) === '' || isForTests(file) || scriptsOfPureRooms.includes(file)
    if (free || environmentReaders.some(place => isWithin(file, place))) return []
    return environmentReads(tree.source(file))
  })
}

function impurities(source: Source): Finding[] {
  const own = declaredNames(source)
  const findings: Finding[] = []
  const wall = `${roomOf(source.path)} is pure`
  walk(source.program, (node, parent) => {
    if (isTypeOnly(node)) return false
    const use = impureUse(node, parent, own)
    if (use) findings.push({ file: source.path, line: source.lineAt(node.start), wall, ...use })
    return undefined
  })
  return findings
}

function impureUse(node: SyntaxNode, parent: SyntaxNode, own: ReadonlySet<string>) {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true))
    return { problem: 'await lets other work in between', remedy: waiting }
  if (node.type === 'MemberExpression') {
    const member = memberOf(node)
    if (nameOf(node.object) === 'Math' && member === 'random')
      return { problem: 'Math.random is chance', remedy: chance }
    const remedy = member && Object.hasOwn(impureMembers, member) ? impureMembers[member] : undefined
    return remedy ? { problem: `${member} depends on the machine's locale`, remedy } : undefined
  }
  const name = nameOf(node)
  if (!name || own.has(name) || isLabelOf(node, parent)) return undefined
  const remedy = Object.hasOwn(impureGlobals, name) ? impureGlobals[name] : undefined
  return remedy ? { problem: `${name} is not of the event`, remedy } : undefined
}

/** P2 */
function environmentReads(source: Source): Finding[] {
  const findings: Finding[] = []
  walk(source.program, (node, parent) => {
    if (isTypeOnly(node)) return false
    const member = node.type === 'MemberExpression' && nameOf(node.object) === 'process' && memberOf(node) === 'env'
    const taken = node.type === 'VariableDeclarator' && nameOf(node.init) === 'process' && takesEnv(node.id)
    const imported = node.type === 'ImportSpecifier' && nameOf(node.imported) === 'env' && isOfProcess(parent)
    if (member || taken || imported)
      findings.push({
        file: source.path,
        line: source.lineAt(node.start),
        wall: 'only stack/settings reads the environment',
        problem: 'process.env is read here',
        remedy: 'Add the setting to the schema in stack/settings and take it as an argument',
      })
    return undefined
  })
  return findings
}

function takesEnv(pattern: unknown): boolean {
  const { type, properties } = pattern as { type: string; properties?: readonly { key?: unknown }[] }
  return type === 'ObjectPattern' && (properties ?? []).some(({ key }) => nameOf(key) === 'env')
}

function isOfProcess(declaration: SyntaxNode): boolean {
  const from = (declaration.source as { value?: unknown } | undefined)?.value
  return from === 'node:process' || from === 'process'
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as { type?: string; name?: string }
  return type === 'Identifier' ? name : undefined
}

/** The member's name, `a.b` and `a['b']` alike. */
function memberOf(node: SyntaxNode): string | undefined {
  if (node.computed !== true) return nameOf(node.property)
  const { value } = node.property as { value?: unknown }
  return typeof value === 'string' ? value : undefined
}

/** A name that only labels something: a property, a key, a method. */
function isLabelOf(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && parent.computed !== true
  const labelled = ['Property', 'PropertyDefinition', 'MethodDefinition', 'ImportSpecifier', 'ExportSpecifier']
  if (!labelled.includes(parent.type)) return false
  return parent.shorthand !== true && parent.computed !== true && parent.value !== node
}

/** Types vanish before the code runs. */
function isTypeOnly(node: SyntaxNode): boolean {
  return (
    ['TSTypeAnnotation', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSTypeParameterInstantiation'].includes(
      node.type,
    ) || /^TS\w*(Type|Keyword|Reference|Query)$/.test(node.type)
  )
}

/** P3 */
function declaredNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>()
  const bind = (pattern: unknown): void => {
    if (typeof pattern !== 'object' || pattern === null) return
    const { type, name, left, argument, elements, properties, value } = pattern as Record<string, unknown>
    if (type === 'Identifier') names.add(String(name))
    else if (type === 'AssignmentPattern') bind(left)
    else if (type === 'RestElement') bind(argument)
    else if (type === 'ArrayPattern') for (const each of elements as unknown[]) bind(each)
    else if (type === 'ObjectPattern') for (const each of properties as unknown[]) bind(each)
    else if (type === 'Property') bind(value)
  }
  walk(source.program, node => {
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) bind(node.local)
    if (node.type === 'VariableDeclarator' || /^(Function|Class)(Declaration|Expression)$/.test(node.type))
      bind(node.id)
    if (/Function/.test(node.type) && Array.isArray(node.params)) for (const each of node.params) bind(each)
    if (node.type === 'CatchClause') bind(node.param)
  })
  return names
}
