/** One TypeScript file, parsed: what it imports, which files it names, what it exports. Comments and strings are no code
 *  here: a rule that reads a syntax tree cannot be fooled by either. */
import { type Program, parseSync } from 'oxc-parser'

export interface Import {
  readonly specifier: string
  readonly line: number
  /** What is taken by name; undefined where the whole module is. */
  readonly names?: readonly string[]
}

export interface Source {
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Strings that name a TypeScript file: workers, children, URLs. */
  readonly mentions: readonly string[]
  readonly exported: readonly { readonly name: string; readonly line: number }[]
  readonly program: Program
  readonly syntaxErrors: readonly string[]
  lineAt(offset: number): number
}

/** A node of the syntax tree, seen as a walk sees it. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text)
  const lineAt = lineCounter(text)
  const imports: Import[] = []
  const mentions: string[] = []
  for (const { moduleRequest, entries } of module.staticImports) {
    const byName = entries.every(({ importName }) => importName.name !== null)
    const names = byName ? { names: entries.flatMap(({ importName }) => importName.name ?? []) } : {}
    imports.push({ ...found(moduleRequest.value, moduleRequest.start), ...names })
  }
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries)
      if (moduleRequest) imports.push(found(moduleRequest.value, moduleRequest.start))
  walk(program, node => {
    const asked = specifierOf(node)
    if (asked !== undefined) imports.push(found(asked, node.start))
    if (node.type === 'Literal' && typeof node.value === 'string' && /^[\w./-]+\.ts$/.test(node.value))
      mentions.push(node.value)
  })
  const exported = module.staticExports.flatMap(({ entries, start }) =>
    entries.flatMap(({ exportName }) => (exportName.name ? [{ name: exportName.name, line: lineAt(start) }] : [])),
  )
  const syntaxErrors = errors.map(error => error.message)
  return { path, lines: lineAt(text.length), imports, mentions, exported, program, syntaxErrors, lineAt }

  function found(specifier: string, offset: number): Import {
    return { specifier, line: lineAt(offset) }
  }
}

/** Imports that are expressions or types: `import('x')`, `import('x').T`, `require('x')`. */
function specifierOf(node: SyntaxNode): string | undefined {
  if (node.type === 'ImportExpression') return stringOf(node.source)
  if (node.type === 'TSImportType') return stringOf(node.source)
  if (node.type !== 'CallExpression') return undefined
  const callee = node.callee as SyntaxNode
  const [first] = node.arguments as unknown[]
  return callee.type === 'Identifier' && callee.name === 'require' ? stringOf(first) : undefined
}

function stringOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'TSLiteralType') return stringOf(node.literal)
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** Calls `visit` for each node with its parent, outermost first. A visitor that returns false is not led inside. */
export function walk(program: Program, visit: (node: SyntaxNode, parent: SyntaxNode) => unknown): void {
  const step = (value: unknown, parent: SyntaxNode): void => {
    if (Array.isArray(value)) {
      for (const each of value) step(each, parent)
    } else if (isNode(value)) {
      if (visit(value, parent) === false) return
      for (const [field, child] of Object.entries(value)) if (field !== 'parent') step(child, value)
    }
  }
  const top = program as unknown as SyntaxNode
  for (const child of Object.values(top)) step(child, top)
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  if (text.endsWith('\n')) starts.pop()
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
