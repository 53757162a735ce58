/** The house rules that read code, run by `npm run check`: walls, purity, names, sizes. Prints one line a finding and
 *  ends with 1 where there is any. The rules that read documents and dependencies are tests beside this file.
 *
 *  usage: node tests/house/check.ts [folder] */
import { fileURLToPath } from 'node:url'
import { describeFinding } from './finding.ts'
import { checkImports } from './imports.ts'
import { checkNames, checkSizes, LINES_LOOKED_AT } from './names.ts'
import { checkPurity } from './purity.ts'
import { openTree } from './tree.ts'

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url))
const tree = openTree(root)
const findings = [...checkImports(tree), ...checkPurity(tree), ...checkNames(tree), ...checkSizes(tree)]

const long = checkSizes(tree, LINES_LOOKED_AT).filter(({ file }) => !findings.some(each => each.file === file))
for (const finding of long) console.log(`warning: ${describeFinding(finding)}`)
for (const finding of findings) console.error(describeFinding(finding))
console.log(`${tree.sources.length} files read, ${findings.length} findings`)
process.exitCode = findings.length > 0 ? 1 : 0
