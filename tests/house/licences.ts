/** Whether what we install may stand beside Apache-2.0.
 *
 *  C1  Every package of the lock file says its licence: in the lock file, or in the text that it ships.
 *  C2  Of a choice (`A OR B`) one part must be allowed; of a sum (`A AND B`) each.
 *  C3  Licences that ask to publish changes of their own files are allowed in tools only, never in what runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

const free = new Set([
  ...['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0'],
  ...['Python-2.0', 'Unlicense'],
])
const inToolsOnly = new Set(['MPL-2.0'])

interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly devOptional?: boolean
}

/** Reads `package-lock.json` of the folder, and licence texts below it where the lock file is silent. */
export function checkLicences(root: string): Finding[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .flatMap(([path, locked]) => {
      const licence = locked.license ?? licenceInText(join(root, path))
      const isTool = locked.dev === true || locked.devOptional === true
      if (licence !== undefined && isAllowed(licence, isTool)) return []
      return [
        {
          file: 'package-lock.json',
          line: 0,
          wall: 'licences',
          problem: `${path}@${locked.version} is under ${licence ?? 'no licence that it names'}`,
          remedy: `Replace it, or show that ${licence ?? 'its licence'} may stand beside Apache-2.0 and add it here`,
        },
      ]
    })
}

/** C2, over SPDX expressions without nested brackets of mixed kind. */
export function isAllowed(expression: string, isTool: boolean): boolean {
  const plain = expression.trim().replace(/^\((.*)\)$/, '$1')
  if (/\sOR\s/.test(plain)) return plain.split(/\sOR\s/).some(part => isAllowed(part, isTool))
  if (/\sAND\s/.test(plain)) return plain.split(/\sAND\s/).every(part => isAllowed(part, isTool))
  return free.has(plain) || (isTool && inToolsOnly.has(plain))
}

/** C1: a text is believed where its first words are the licence's own. */
function licenceInText(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const name = readdirSync(folder).find(each => /^licen[cs]e/i.test(each))
  if (name === undefined) return undefined
  const text = readFileSync(join(folder, name), 'utf8')
  if (/MIT License|Permission is hereby granted, free of charge/.test(text)) return 'MIT'
  if (/Apache License\s+Version 2\.0/.test(text)) return 'Apache-2.0'
  return undefined
}
