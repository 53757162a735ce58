/** Traces of one machine that do not belong into a tree that all machines share.
 *
 *  M1  No path of somebody's home or work folder.
 *  M2  No host of a package registry: which one answers is the machine's setting, and a lock file that names one
 *      installs nowhere else. */
import type { Finding } from './finding.ts'
import type { Tree } from './tree.ts'

/** Written in pieces, so that this file is no finding of its own. */
const homes = ['home', 'Users', 'root', 'work', 'workspace', 'private/var', 'mnt']
const machinePath = new RegExp(`(?<![\\w.:/@-])/(${homes.join('|')})/[\\w.-]+`)
const hosts = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['repo1', 'maven', 'org'],
  ['repo', 'maven', 'apache', 'org'],
  ['proxy', 'golang', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['pypi', 'org'],
  ['static', 'crates', 'io'],
  ['deb', 'debian', 'org'],
].map(parts => parts.join('.'))
const resolved = /"resolved":\s*"(https?:|git)/

const textual =
  /(\.(ts|js|mjs|json|md|ya?ml|sh|svelte|html|css|sql|avsc|toml)|\/run|\.npmrc|\.env\.example|Dockerfile)$/

export function checkTraces(tree: Tree): Finding[] {
  return tree.files
    .filter(file => textual.test(file))
    .flatMap(file =>
      tree
        .text(file)
        .split('\n')
        .flatMap((text, index) => {
          const problem = traceIn(text, file)
          return problem ? [{ file, line: index + 1, ...problem }] : []
        }),
    )
}

function traceIn(line: string, file: string): Omit<Finding, 'file' | 'line'> | undefined {
  const path = machinePath.exec(line)?.[0]
  if (path)
    return { wall: 'no machine paths', problem: `'${path}' is a path of one machine`, remedy: 'Write it from the root' }
  const host = hosts.find(each => line.includes(each))
  if (host || (file.endsWith('package-lock.json') && resolved.test(line)))
    return {
      wall: 'no registry hosts',
      problem: `${host ?? 'a download address'} is named here`,
      remedy:
        'Leave it to the setting of the machine; in a lock file, write it again with omit-lockfile-registry-resolved',
    }
  return undefined
}
