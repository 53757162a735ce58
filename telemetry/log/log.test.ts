import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger, type LogSettings } from './pino.ts'

function aLogger(change: Partial<LogSettings> = {}) {
  const written: string[] = []
  const to = { write: (line: string) => void written.push(line) }
  const log = createLogger({ service: 'engine', to, now: () => 1_723_161_600_001_658, ...change })
  return { log, lines: () => written.map(line => JSON.parse(line)) }
}

describe('log lines', () => {
  it('are events with fields, named as ECS names them', () => {
    const { log, lines } = aLogger({ version: '1.2.3' })
    log.info('task.restored', { task: 'market-0', micros: 1200 })
    expect(lines()).toEqual([
      {
        '@timestamp': '2024-08-09T00:00:00.001Z',
        'log.level': 'info',
        message: 'task.restored',
        'event.action': 'task.restored',
        'ecs.version': expect.any(String),
        'service.name': 'engine',
        'service.version': '1.2.3',
        'process.pid': process.pid,
        tideway: { task: 'market-0', micros: 1200 },
      },
    ])
  })

  it('keep type, code, remedy, stack and causes of an error', () => {
    const { log, lines } = aLogger()
    const disk = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    const error = Object.assign(new Error('commit failed', { cause: disk }), { remedy: 'make room' })
    log.error('commit.failed', { error, task: 't' })
    expect(lines()[0]).toMatchObject({
      'log.level': 'error',
      'error.type': 'Error',
      'error.code': 'ENOSPC',
      'error.message': 'commit failed; caused by: no space left',
      'error.remedy': 'make room',
      'error.stack_trace': expect.stringContaining('Caused by: Error: no space left'),
      tideway: { task: 't' },
    })
  })

  it('take anything that was thrown', () => {
    const { log, lines } = aLogger()
    const ouroboros = new Error('itself')
    ouroboros.cause = ouroboros
    log.error('a.failed', { error: ouroboros })
    log.error('b.failed', { error: 'just text' })
    expect(lines().map(line => line['error.message'])).toEqual(['itself', 'just text'])
  })

  it('carry the fields of the logger that they were written with', () => {
    const { log, lines } = aLogger()
    log.with({ task: 'a' }).with({ partition: 1 }).warn('x.y', { partition: 2 })
    log.info('x.y')
    expect(lines()[0].tideway).toEqual({ task: 'a', partition: 2 })
    expect(lines()[1].tideway).toBeUndefined()
  })

  it('are written from the level on', () => {
    const { log, lines } = aLogger({ level: 'warn' })
    log.debug('a.b')
    log.info('a.b')
    log.warn('a.b')
    expect(lines()).toHaveLength(1)
  })

  it('never show what is named like a secret, at any depth (J1)', () => {
    const { log, lines } = aLogger()
    log.info('venue.connected', {
      apiKey: 'k',
      nested: [{ password: 'p', Authorization: 'b', ok: 1 }],
      api_secret: 's',
    })
    expect(lines()[0].tideway).toEqual({
      apiKey: '[hidden]',
      nested: [{ password: '[hidden]', Authorization: '[hidden]', ok: 1 }],
      api_secret: '[hidden]',
    })
  })

  it('are written whatever the fields hold (J2)', () => {
    const { log, lines } = aLogger()
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const bad = {
      get trap(): never {
        throw new Error('trap')
      },
    }
    log.info('a.a', { circular })
    log.info('b.b', { bad })
    log.info('c.c', { big: 2n ** 70n, bytes: new Uint8Array(3), map: new Map([['k', 1]]) })
    expect(lines().map(line => line.message)).toEqual(['a.a', 'b.b', 'c.c'])
    expect(lines()[2].tideway).toEqual({ big: '1180591620717411303424', bytes: '3 bytes', map: { k: 1 } })
  })

  it('reach a file before the process dies', () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'))
    const file = join(folder, 'deep', 'engine.log')
    const script = `import { createLogger } from ${JSON.stringify(new URL('./pino.ts', import.meta.url).href)}
      const log = createLogger({ service: 'engine', to: { file: ${JSON.stringify(file)} } })
      log.info('last.words')
      process.kill(process.pid, 'SIGKILL')`
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' })).toThrow()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ message: 'last.words' })
    rmSync(folder, { recursive: true })
  })
})
