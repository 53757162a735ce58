import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { repository } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'
import { checkTraces } from './traces.ts'

/** Written in pieces, so that this file is no finding of its own. */
const path = (...parts: string[]) => `/${parts.join('/')}`
const host = (...parts: string[]) => parts.join('.')

describe('traces of one machine', () => {
  it('are none in this repository', () => {
    expect(checkTraces(repository).map(describeFinding)).toEqual([])
  })

  it.each([
    ['a home', 'docs/notes.md', `run ${path('home', 'ada', 'tideway', 'x.sh')}`],
    ['a home on macOS', 'quant/index.ts', `export const at = '${path('Users', 'ada')}'`],
    ['a work folder', '.ci/run', `cd ${path('work', 'main')}`],
    [
      'a registry in a lock file',
      'package-lock.json',
      `{"resolved": "https://${host('registry', 'npmjs', 'org')}/x.tgz"}`,
    ],
    ['any address in a lock file', 'package-lock.json', '{"resolved": "https://mirror.example/x.tgz"}'],
    ['a registry in a text', 'README.md', `from ${host('repo1', 'maven', 'org')}`],
  ])('%s is found', (_, file, text) => {
    expect(checkTraces(treeOf({ [file]: `\n${text}\n` })).map(each => [each.file, each.line])).toEqual([[file, 2]])
  })

  it('are not: addresses of the web, paths within the repository, standard folders of a system', () => {
    const text = [
      `https://example.com${path('home', 'page')}`,
      'streams/work/home',
      '/usr/bin/env',
      '/tmp/x',
      '/dev/shm/x',
    ]
    expect(checkTraces(treeOf({ 'docs/notes.md': text.join('\n') }))).toEqual([])
  })
})
