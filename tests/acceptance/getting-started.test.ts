/** docs/getting-started.md, done as it says: every command is run as it is written, every file made as it is shown, in a
 *  copy of the repository, from the top to the bottom.
 *
 *  G1  A block `sh` is run by bash, line by line; a command that fails ends the test with what it said.
 *  G2  `npm start` alone in a block is a terminal of its own: it runs until the next one, or the end.
 *  G3  A block `ts` is the file that was last named before it.
 *  G4  What installs or tests the whole is left to the pipeline, which does it anyway. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectLog } from '@tideway/streams/log/local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'tideway-started-'))
const leftToThePipeline = [/^npm ci$/, /^npm run test:unit/, /^npx vitest run --project domain/]

interface Block {
  readonly heading: string
  readonly language: string
  readonly text: string
  /** The file that is named last before it. */
  readonly file: string
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let heading = ''
  let before = ''
  for (const part of markdown.split(/^(?=```\w+\n|#+ )/m)) {
    const [, language, text = '', after = ''] = /^```(\w+)\n(.*?)^```\n(.*)$/ms.exec(part) ?? []
    heading = /^#+ (.+)$/m.exec(language === undefined ? part : '')?.[1] ?? heading
    if (language !== undefined) {
      const file = [...before.matchAll(/`([\w./-]+\.ts)`/g)].at(-1)?.[1] ?? ''
      blocks.push({ heading, language, text, file })
    }
    before = language === undefined ? part : after
  }
  return blocks
}

/** The files of the repository, with its packages linked: our own to the copy, all others to what is installed. */
function copyRepository(): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue // deleted, and not committed yet
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file), { force: true, errorOnExist: false, verbatimSymlinks: true })
  }
  const modules = join(copy, 'node_modules')
  mkdirSync(join(modules, '@tideway'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@tideway') symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  for (const name of readdirSync(join(root, 'node_modules/@tideway')))
    symlinkSync(join(copy, name), join(modules, '@tideway', name))
}

const environment = {
  PATH: `${join(copy, 'cli/bin')}:${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  HOME: copy,
  TIDEWAY_HTTP_PORT: '0',
}

let engine: ChildProcess | undefined
let engineSaid = ''

async function startEngine(): Promise<void> {
  await stopEngine()
  const child = spawn('npm', ['start'], {
    ...{ cwd: copy, env: environment, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  engine = child
  engineSaid = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', text => (engineSaid += text))
  while (!engineSaid.includes('readyz')) {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${engineSaid}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** As Ctrl-C does: the whole group of the terminal is interrupted. */
async function stopEngine(): Promise<void> {
  if (!engine?.pid) return
  const ended = new Promise(resolve => engine?.once('close', resolve))
  process.kill(-engine.pid, 'SIGINT')
  await ended
  engine = undefined
}

function bash(line: string): Promise<string> {
  const child = spawn('bash', ['-euc', line], { cwd: copy, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
  return new Promise((resolve, reject) =>
    child.once('close', code =>
      code === 0 ? resolve(said) : reject(new Error(`${line}\nended with ${code}: ${said}`)),
    ),
  )
}

const blocks = blocksOf(readFileSync(join(root, 'docs/getting-started.md'), 'utf8'))

describe('getting started, as it is written [DOC-01]', () => {
  beforeAll(copyRepository)
  afterAll(async () => {
    await stopEngine()
    rmSync(copy, { recursive: true, force: true })
  })

  it.each(blocks.map((block, at) => [`${at + 1}: ${block.heading}`, block] as const))('%s', async (_, block) => {
    const { language, text, file } = block
    if (language === 'ts') {
      expect(file).toMatch(/^strategies\//)
      writeFileSync(join(copy, file), text) // G3
      return
    }
    expect(language).toBe('sh')
    if (text.trim() === 'npm start') return await startEngine() // G2
    let said = ''
    for (const line of text.trim().split('\n')) {
      if (leftToThePipeline.some(pattern => pattern.test(line))) continue
      said += await bash(line)
    }
    if (text.includes('--strategies lean')) expect(said).toMatch(/^fills +[1-9]/m)
  })

  it('leaves an engine that trades what was assigned', async () => {
    const log = await connectLog(join(copy, '.tideway/log'))
    expect(log).toBeDefined()
    await log?.close()
    const listed = JSON.parse(await bash('tideway portfolio list --json'))
    const byName = Object.fromEntries(
      (listed as { name: string; opened: { strategies: { name: string; parameters: object }[] } }[]).map(each => [
        each.name,
        each.opened.strategies.map(({ name, parameters }) => [name, parameters]),
      ]),
    )
    expect(byName.yew).toEqual([['lean', { enter: 0.4 }]])
    expect(byName.maple).toEqual([['lean', {}]])
    expect(await bash('tideway dlq list --json || true')).toContain('dlq.commands/0')
  })
})
