/** Names and sizes.
 *
 *  N1  No file, folder or exported name says `utils`, `helpers`, `common`, `misc`, `manager`, `service`: such a word says
 *      that the concept was not found.
 *  N2  A file past 300 lines is looked at; past 400 it is refused: it hides a second concept.
 *  N3  Code reads: a file has no syntax error. */
import type { Finding } from './finding.ts'
import { isGenerated, type Tree } from './tree.ts'

const emptyWords = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers', 'service'])
emptyWords.add('services')

export const LINES_LOOKED_AT = 300
export const LINES_MOST = 400

export function checkNames(tree: Tree): Finding[] {
  return tree.sources.flatMap(file => {
    const { exported, syntaxErrors } = tree.source(file)
    const inPath = emptyWordIn(file)
    const ofPath = inPath ? [finding(file, 0, `${file} is named '${inPath}'`)] : []
    const ofExports = exported.flatMap(({ name, line }) => {
      const word = emptyWordIn(name)
      return word ? [finding(file, line, `${name} is named '${word}'`)] : []
    })
    const broken = syntaxErrors.map(error => ({
      ...{ file, line: 0, wall: 'code reads', problem: error },
      remedy: 'Correct the syntax',
    }))
    return [...ofPath, ...ofExports, ...broken]
  })
}

/** N2; generated files are as long as what they were generated from. */
export function checkSizes(tree: Tree, most: number = LINES_MOST): Finding[] {
  return tree.sources
    .filter(file => !isGenerated(file) && tree.source(file).lines > most)
    .map(file => ({
      file,
      line: 0,
      wall: `at most ${most} lines`,
      problem: `${file} has ${tree.source(file).lines} lines`,
      remedy: 'Find the second concept in it and give it a file of its own',
    }))
}

function finding(file: string, line: number, problem: string): Finding {
  return { file, line, wall: 'names say what it is', problem, remedy: 'Name it for the concept of the field' }
}

/** Words of `order-life.ts`, `OrderLife` and `order_life` alike. */
function emptyWordIn(name: string): string | undefined {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/)
  return words.map(word => word.toLowerCase()).find(word => emptyWords.has(word))
}
