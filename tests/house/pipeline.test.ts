/** The pipeline at work on small repositories: the real script, the real npm, the real vitest. */
import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { repository, repositoryRoot } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'

/** The environment without what this run of vitest put into it. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|npm_|TEST$|FORCE_COLOR$)/.test(name)),
)
const run = (cwd: string, command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...env, NO_COLOR: '1' }, encoding: 'utf8' })
  return { status, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) }
}

const passing = "test('adds', () => { expect(1 + 1).toBe(2) })\n"
const failing = "test('subtracts', () => { expect(2 - 1).toBe(2) })\n"
const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs')

/** A repository that has nothing to install, with this repository's `.ci`. */
function aRepository(files: Record<string, string>, scripts: Record<string, string> = {}) {
  const name = 'small'
  const all = { check: 'node -e 0', test: `node "${vitest}" run --globals`, ...scripts }
  const { root } = treeOf({
    'package.json': JSON.stringify({ name, version: '1.0.0', scripts: all }),
    'package-lock.json': JSON.stringify({
      ...{ name, version: '1.0.0', lockfileVersion: 3, requires: true },
      packages: { '': { name, version: '1.0.0' } },
    }),
    'vitest.config.mjs': 'export default {}',
    ...files,
  })
  cpSync(join(repositoryRoot, '.ci'), join(root, '.ci'), { recursive: true })
  return root
}

describe('.ci/run installs, checks, tests and sums up [CICD-01] [TEST-08]', () => {
  it('ends well, with one line, where all is well', () => {
    const root = aRepository({ 'a.test.js': passing, 'b.test.js': passing + passing.replace('adds', 'again') })
    const { status, stdout, lastLine } = run(root, 'bash', '.ci/run')
    expect(lastLine).toBe('3 passed, 0 failed')
    expect(stdout.match(/^\d+ passed, \d+ failed$/gm)).toHaveLength(1)
    expect(status).toBe(0)
  })

  it('ends badly, and still with the line, where a test fails', () => {
    const { status, lastLine } = run(aRepository({ 'a.test.js': passing + failing }), 'bash', '.ci/run')
    expect(lastLine).toBe('1 passed, 1 failed')
    expect(status).toBe(1)
  })

  it('ends badly where a suite cannot be loaded, which has no test to fail', () => {
    const broken = "import './missing.js'\n"
    const { status, lastLine } = run(aRepository({ 'a.test.js': passing, 'b.test.js': broken }), 'bash', '.ci/run')
    expect(lastLine).toBe('1 passed, 1 failed')
    expect(status).toBe(1)
  })

  it('runs the tests even where the check fails, and counts both', () => {
    const root = aRepository({ 'a.test.js': passing }, { check: 'node -e "process.exit(3)"' })
    const { status, lastLine } = run(root, 'bash', '.ci/run')
    expect(lastLine).toBe('1 passed, 1 failed')
    expect(status).toBe(1)
  })

  it('ends badly where an error escapes every test', () => {
    const stray = `${passing}Promise.reject(new Error('nobody waits for this'))\n`
    const { status, lastLine } = run(aRepository({ 'a.test.js': stray }), 'bash', '.ci/run')
    expect(lastLine).toBe('1 passed, 1 failed')
    expect(status).toBe(1)
  })

  it('stops where the install fails: the lock file and package.json disagree', () => {
    const root = aRepository({ 'a.test.js': passing })
    const manifest = { name: 'small', version: '1.0.0', dependencies: { 'not-in-the-lock-file': '1.0.0' } }
    writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
    const { status, lastLine } = run(root, 'bash', '.ci/run')
    expect(lastLine).toBe('0 passed, 1 failed')
    expect(status).toBe(1)
  })

  it('takes no test at all for a failure', () => {
    const { status } = run(aRepository({}), 'bash', '.ci/run')
    expect(status).toBe(1)
  })
})

describe('npm run check refuses code that breaks a rule [TEST-09]', () => {
  const commands = repository.manifest('').scripts?.check?.split(' && ') ?? []

  it('lints, type-checks and reads the house rules', () => {
    expect(commands).toEqual(['biome check --error-on-warnings .', 'tsc -p tsconfig.json', 'node tests/house/check.ts'])
  })

  const manifest = '{ "type": "module" }'
  const modules = join(repositoryRoot, 'node_modules')
  const settings = () => ({
    'biome.json': repository.text('biome.json'),
    '.gitignore': repository.text('.gitignore'),
    'tsconfig.json': repository.text('tsconfig.json').replace('"types": ["node"]', '"types": []'),
  })
  const biome = (root: string) =>
    run(root, join(modules, '.bin/biome'), 'check', '--vcs-enabled=false', '--error-on-warnings', 'domain/index.ts')
  const types = (root: string) => run(root, join(modules, '.bin/tsc'), '-p', 'tsconfig.json')
  const house = (root: string) => run(repositoryRoot, process.execPath, 'tests/house/check.ts', root)

  it('lets clean code pass', () => {
    const { root } = treeOf({
      ...settings(),
      'domain/package.json': manifest,
      'domain/index.ts': 'export const one = 1\n',
    })
    expect(biome(root)).toMatchObject({ status: 0 })
    expect(types(root)).toMatchObject({ status: 0 })
    expect(house(root)).toMatchObject({ status: 0, lastLine: '1 files read, 0 findings' })
  })

  it.each([
    ['the linter', biome, 'export const price: any = 1\n', 'noExplicitAny'],
    ['the linter, for the clock in a fold', biome, 'export const now = () => Date.now()\n', 'Time arrives as events'],
    ['the formatter', biome, 'export const   price = 1;\n', 'format'],
    ['the compiler', types, 'export const price: number = [1][0]\n', 'TS2322'],
    ['the house rules', house, "export * from '@tideway/streams'\n", 'domain -> streams'],
  ])('%s finds it', (_, check, text, said) => {
    const { root } = treeOf({ ...settings(), 'domain/package.json': manifest, 'domain/index.ts': text })
    const { status, stdout, stderr } = check(root)
    expect(status).not.toBe(0)
    expect(stdout + stderr).toContain('domain/index.ts')
    expect(stdout + stderr).toContain(said)
  })
})

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Job {
  readonly 'runs-on': string
  readonly 'timeout-minutes': number
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> }
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

describe('the GitHub workflow runs what a developer runs [CICD-08]', () => {
  const path = '.github/workflows/ci.yml'
  const workflow = parse(repository.text(path)) as Workflow
  const commands = (job: string) => workflow.jobs[job]?.steps.flatMap(step => step.run ?? [])

  it('on every push to main and every pull request', () => {
    expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request'])
  })

  it('runs .ci/run, within its time', () => {
    expect(commands('whole')).toEqual(['bash .ci/run'])
    expect(workflow.jobs.whole?.['timeout-minutes']).toBeLessThanOrEqual(45)
  })

  it('runs check and unit tests on Linux and macOS, by scripts that exist', () => {
    expect(workflow.jobs.units?.strategy?.matrix.os).toEqual(['ubuntu-latest', 'macos-latest'])
    expect(commands('units')).toEqual(['npm ci', 'npm run check', 'npm run test:unit'])
    const scripts = repository.manifest('').scripts ?? {}
    for (const command of commands('units') ?? [])
      if (command.startsWith('npm run ')) expect(scripts).toHaveProperty([command.slice('npm run '.length)])
  })

  it('pins every action to a commit, with its version beside it', () => {
    const lines = repository.text(path).split('\n')
    const uses = lines.filter(line => /uses:/.test(line))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('may read the repository and nothing else', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })
})
