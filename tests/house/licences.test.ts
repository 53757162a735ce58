import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { checkLicences, isAllowed } from './licences.ts'
import { repository, repositoryRoot } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'

const problems = (packages: Record<string, unknown>, files: Record<string, string> = {}) =>
  checkLicences(treeOf({ 'package-lock.json': JSON.stringify({ packages }), ...files }).root).map(each => each.problem)

describe('licences of what is installed', () => {
  it('may stand beside Apache-2.0, in this repository', () => {
    expect(checkLicences(repositoryRoot).map(describeFinding)).toEqual([])
  })

  it('are refused where they bind what runs', () => {
    expect(
      problems({
        '': { name: 'tideway' },
        'node_modules/free': { version: '1.0.0', license: 'MIT' },
        'node_modules/bound': { version: '1.0.0', license: 'GPL-3.0-only' },
        'node_modules/business': { version: '2.0.0', license: 'BUSL-1.1' },
        'node_modules/ours': { link: true, resolved: 'ours' },
      }),
    ).toEqual(['node_modules/bound@1.0.0 is under GPL-3.0-only', 'node_modules/business@2.0.0 is under BUSL-1.1'])
  })

  it('are read from the text where the lock file is silent, and refused where that is silent too (C1)', () => {
    const packages = { 'node_modules/silent': { version: '1.0.0' }, 'node_modules/told': { version: '1.0.0' } }
    const files = {
      'node_modules/told/LICENSE': 'The MIT License (MIT)\n\nPermission is hereby granted, free of charge',
    }
    expect(problems(packages, files)).toEqual(['node_modules/silent@1.0.0 is under no licence that it names'])
  })

  it.each([
    ['MIT', false, true],
    ['(MPL-2.0 OR Apache-2.0)', false, true],
    ['MIT OR GPL-3.0', false, true],
    ['MIT AND GPL-3.0', true, false],
    ['MIT AND BSD-3-Clause', false, true],
    ['MPL-2.0', false, false],
    ['MPL-2.0', true, true],
    ['AGPL-3.0-only', true, false],
    ['SEE LICENSE IN LICENSE.md', true, false],
  ])('%s, in a tool %s: allowed %s (C2, C3)', (expression, isTool, expected) => {
    expect(isAllowed(expression, isTool)).toBe(expected)
  })

  it('is our own said in every package.json, and its text at the root', () => {
    expect(repository.text('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/)
    for (const room of ['', ...repository.rooms])
      expect(repository.manifest(room), room).toMatchObject({ license: 'Apache-2.0' })
  })
})
