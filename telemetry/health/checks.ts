/** Named checks of a process, as Kubernetes asks for them.
 *
 *  live   it works at all: where not, restart it. Never asks another process, or one outage restarts everything.
 *  ready  it can do its work now: where not, send it none and wait.
 *
 *  Q1  A check that throws, or does not answer in time, has failed.
 *  Q2  Checks run at the same time, each on its own; one that fails hides no other. */

export type Probe = 'live' | 'ready'

/** Undefined where all is well, else the reason why not. */
export type Check = () => string | undefined | Promise<string | undefined>

export interface CheckResult {
  readonly ok: boolean
  readonly reason?: string
}

export interface HealthReport {
  readonly ok: boolean
  readonly checks: Readonly<Record<string, CheckResult>>
}

export interface Health {
  /** Adds a check, or replaces that of the name; the function returned takes it away. */
  add(probe: Probe, name: string, check: Check): () => void
  report(probe: Probe): Promise<HealthReport>
}

const TIMEOUT_MILLIS = 2000

export function createHealth(timeoutMillis = TIMEOUT_MILLIS): Health {
  const checks = { live: new Map<string, Check>(), ready: new Map<string, Check>() }
  return {
    add(probe, name, check) {
      checks[probe].set(name, check)
      return () => {
        if (checks[probe].get(name) === check) checks[probe].delete(name)
      }
    },
    async report(probe) {
      const results = await Promise.all(
        [...checks[probe]].map(async ([name, check]) => [name, await run(check, timeoutMillis)] as const),
      )
      return { ok: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) }
    },
  }
}

async function run(check: Check, timeoutMillis: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>(resolve => {
    timer = setTimeout(resolve, timeoutMillis, `no answer within ${timeoutMillis} ms`)
  })
  try {
    const reason = await Promise.race([check(), late])
    return reason === undefined ? { ok: true } : { ok: false, reason }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
