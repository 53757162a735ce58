/** A small HTTP server for those who watch: `/metrics`, `/livez`, `/readyz`.
 *
 *  S1  It listens on loopback unless told otherwise: metrics tell what is traded.
 *  S2  It answers GET and HEAD of these three paths and nothing else, whatever is sent.
 *  S3  A probe answers 200 or 503 and always says which checks there were. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exposition } from '../metrics/prometheus.ts'
import type { Health, Probe } from './checks.ts'

export interface WatchSettings {
  readonly health: Health
  readonly expose: () => Promise<Exposition>
  /** 0 takes any free port. */
  readonly port: number
  /** 127.0.0.1 where absent. */
  readonly host?: string
}

export interface WatchServer {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

const CONNECTIONS_MAX = 64
const REQUEST_MILLIS = 5000

/** Starts the server. Rejects with the error of the listening socket, such as a port that is taken. */
export async function startWatchServer(settings: WatchSettings): Promise<WatchServer> {
  const { host = '127.0.0.1', port } = settings
  const server = createServer(
    { requestTimeout: REQUEST_MILLIS, headersTimeout: REQUEST_MILLIS },
    (request, response) => {
      answer(settings, request)
        .catch((error: unknown) => text(500, `${error instanceof Error ? error.message : error}\n`))
        .then(found => send(response, request, found))
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: `http://${name}:${bound.port}`,
    port: bound.port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer({ health, expose }: WatchSettings, { method, url = '' }: IncomingMessage): Promise<Answer> {
  const [path] = url.split('?', 1)
  if (path !== '/metrics' && path !== '/livez' && path !== '/readyz') {
    return text(404, 'There are /metrics, /livez and /readyz.\n')
  }
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD.\n')
  if (path === '/metrics') {
    const { contentType, text: body } = await expose()
    return { status: 200, contentType, body }
  }
  return await probe(health, path === '/livez' ? 'live' : 'ready')
}

async function probe(health: Health, probe: Probe): Promise<Answer> {
  const report = await health.report(probe)
  const body = `${JSON.stringify({ status: report.ok ? 'ok' : 'failed', checks: report.checks })}\n`
  return { status: report.ok ? 200 : 503, contentType: 'application/json', body }
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body }
}

function send(response: ServerResponse, { method }: IncomingMessage, { status, contentType, body }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  })
  response.end(method === 'HEAD' ? undefined : body)
}
