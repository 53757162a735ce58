import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { stageMeter } from '../meters/stage.ts'
import { createTelemetry } from '../process-telemetry.ts'
import { createHealth } from './checks.ts'
import { startWatchServer, type WatchServer } from './server.ts'

const servers: WatchServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function aServer(health = createHealth(50), expose?: () => Promise<never>) {
  const telemetry = createTelemetry({ log: { service: 'test', level: 'silent' }, process: false })
  stageMeter(telemetry, 'risk').events(3, 1)
  const server = await startWatchServer({ health, expose: expose ?? (() => telemetry.expose()), port: 0 })
  servers.push(server)
  const get = (path: string, method = 'GET') => fetch(server.url + path, { method })
  return { server, health, get }
}

describe('[INFRA-10] health checks over HTTP', () => {
  it('are well without checks, and with checks that pass', async () => {
    const { health, get } = await aServer()
    for (const path of ['/livez', '/readyz']) {
      const answer = await get(path)
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', checks: {} }])
    }
    health.add('ready', 'log', () => undefined)
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ok', checks: { log: { ok: true } } })
  })

  it('name each check that fails, throws or does not answer, and those that pass (Q1, Q2)', async () => {
    const { health, get } = await aServer()
    health.add('ready', 'good', async () => undefined)
    health.add('ready', 'behind', () => 'lag of 9000 records')
    health.add('ready', 'broken', () => Promise.reject(new Error('no log')))
    health.add('ready', 'silent', () => new Promise(() => {}))
    const answer = await get('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      status: 'failed',
      checks: {
        good: { ok: true },
        behind: { ok: false, reason: 'lag of 9000 records' },
        broken: { ok: false, reason: 'no log' },
        silent: { ok: false, reason: 'no answer within 50 ms' },
      },
    })
    expect((await get('/livez')).status).toBe(200)
  })

  it('follow the state: failing, mended, removed', async () => {
    const { health, get } = await aServer()
    let reason: string | undefined = 'starting'
    const remove = health.add('live', 'loop', () => reason)
    expect((await get('/livez')).status).toBe(503)
    reason = undefined
    expect((await get('/livez')).status).toBe(200)
    reason = 'stuck'
    remove()
    expect((await get('/livez')).status).toBe(200)
  })
})

describe('[MON-01] the endpoint for Prometheus', () => {
  it('gives the metrics in the text format', async () => {
    const { get } = await aServer()
    const answer = await get('/metrics')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await answer.text()).toContain('tideway_stage_events_in_total{stage="risk"} 3')
  })

  it('says so when the metrics cannot be made', async () => {
    const { get } = await aServer(createHealth(), () => Promise.reject(new Error('no numbers')))
    const answer = await get('/metrics')
    expect([answer.status, await answer.text()]).toEqual([500, 'no numbers\n'])
  })
})

describe('the watch server', () => {
  it('listens on loopback (S1)', async () => {
    const { server } = await aServer()
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
  })

  it.each([
    ['GET', '/', 404],
    ['GET', '/metrics/../etc/passwd', 404],
    ['GET', '/metricsx', 404],
    ['POST', '/metrics', 405],
    ['DELETE', '/livez', 405],
    ['HEAD', '/livez', 200],
    ['GET', '/livez?verbose', 200],
  ])('answers %s %s with %d (S2)', async (method, path, status) => {
    const { get } = await aServer()
    const answer = await get(path, method)
    expect(answer.status).toBe(status)
    if (method === 'HEAD') expect(await answer.text()).toBe('')
  })

  it('survives what is no HTTP (S2)', async () => {
    const { server, get } = await aServer()
    const reply = await new Promise<string>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('\u0000nonsense\r\n\r\n'))
      socket.once('data', data => resolve(String(data)))
    })
    expect(reply).toContain('400 Bad Request')
    expect((await get('/livez')).status).toBe(200)
  })

  it('rejects with the reason when its port is taken', async () => {
    const { server, health } = await aServer()
    const second = startWatchServer({ health, expose: () => Promise.reject(), port: server.port })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
