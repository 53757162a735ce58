/** The command line as a test runs it: real processes in a folder of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Opened, Status } from '@tideway/stack/supervise'

const launcher = fileURLToPath(new URL('../bin/tideway', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder that is gone afterwards, and the command line run in it. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'tideway-cli-'))

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Runs a verb to its end. The environment is empty but for what is given, and any free port. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const child = this.spawn(args, environment)
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', text => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', text => (stderr += text))
    return new Promise(resolve => child.once('close', code => resolve({ code, stdout, stderr })))
  }

  /** Runs a verb that must succeed, and gives its JSON. */
  async json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, '--json'])
    if (code !== 0) throw new Error(`tideway ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
    return JSON.parse(stdout) as T
  }

  spawn(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const env = { PATH: '/usr/bin:/bin', TIDEWAY_HTTP_PORT: '0', ...environment }
    return spawn(launcher, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  start(args: readonly string[] = []): Running {
    return new Running(this.spawn(['start', '--json', ...args]))
  }

  discard(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

type Told =
  | { readonly kind: 'settings'; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'restart'; readonly why: string }
  | { readonly kind: 'stopped' }

/** `tideway start` while it runs. */
export class Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly told: Told[] = []
  stderr = ''
  #waiting: (() => void)[] = []

  constructor(child: ChildProcess) {
    this.child = child
    this.ended = new Promise(resolve => child.once('close', code => resolve(code)))
    child.stderr?.setEncoding('utf8').on('data', text => (this.stderr += text))
    if (child.stdout) {
      createInterface(child.stdout).on('line', line => {
        this.told.push(JSON.parse(line) as Told)
        this.#wake()
      })
    }
    void this.ended.then(() => this.#wake())
  }

  /** The first status from now on of which something is true. */
  async status(isTrue: (status: Status) => boolean): Promise<Status> {
    const told = await this.next(each => each.kind === 'status' && isTrue(each.status))
    if (told.kind !== 'status') throw new Error('no status')
    return told.status
  }

  /** The engine that opens from now on, or is open. */
  async opened(from = 0): Promise<Opened> {
    const told = await this.next(each => each.kind === 'opened', from)
    if (told.kind !== 'opened') throw new Error('not opened')
    return told.opened
  }

  async next(isTrue: (told: Told) => boolean, from = this.told.length): Promise<Told> {
    for (let at = from; ; at++) {
      while (at >= this.told.length) {
        if (this.child.exitCode !== null) throw new Error(`it ended: ${this.stderr}`)
        await new Promise<void>(resolve => this.#waiting.push(resolve))
      }
      const told = this.told[at]
      if (told && isTrue(told)) return told
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGINT')
    return await this.ended
  }
}

/** Whether a process lives. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits for something that is bound to come; the test's own timeout is the bound. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise(resolve => setTimeout(resolve, 50))
}
