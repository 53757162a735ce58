import { compareStamps, type Event } from '@tideway/schemas'
import type { Commit, Log, Writer } from '@tideway/streams'
import { describe, expect, it } from 'vitest'
import { SimulationFailure, simulate } from './simulate.ts'
import type { Sabotage } from './world.ts'

const seeds = Array.from({ length: 36 }, (_, at) => at + 1)

describe('the topology under a seed', () => {
  it.each(seeds)('comes through with seed %i', async seed => {
    await simulate(seed, 120)
  })

  it('does not let a replaced task set aside what its successor understands', async () => {
    await simulate(477, 150)
  })

  it('is the same run for the same seed', async () => {
    expect(await simulate(5, 120)).toEqual(await simulate(5, 120))
  })

  it('meets deaths, take-overs, fences and real orders in these seeds', async () => {
    const reports: Awaited<ReturnType<typeof simulate>>[] = []
    for (const seed of seeds.slice(0, 12)) reports.push(await simulate(seed, 120))
    const sum = (field: 'deaths' | 'takeOvers' | 'fenced' | 'orders') =>
      reports.reduce((total, report) => total + report[field], 0)
    for (const field of ['deaths', 'takeOvers', 'fenced', 'orders'] as const)
      expect(sum(field), field).toBeGreaterThan(0)
    expect(new Set(reports.map(({ live }) => live)).size).toBe(2)
  })
})

/** The first seeds whose simulation fails under the sabotage, and how. */
async function findings(sabotage: Sabotage, among = seeds): Promise<SimulationFailure[]> {
  const found: SimulationFailure[] = []
  for (const seed of among) {
    try {
      await simulate(seed, 120, sabotage)
    } catch (error) {
      if (!(error instanceof SimulationFailure)) throw error
      found.push(error)
      if (found.length === 2) break
    }
  }
  return found
}

describe('the checkers catch', () => {
  it('a broken tie-break: events of one microsecond the wrong way round', async () => {
    const wrong = (a: Event, b: Event) => a.ingestTime - b.ingestTime || compareStamps(b.stamp, a.stamp)
    const [failure] = await findings({ tasks: { order: wrong } })
    expect(failure?.message).toMatch(/undisturbed|other bytes than were committed|not the fold/)
    expect(failure?.repeat).toMatch(/^tideway simulate --seed \d+ --steps 120$/)
  })

  it('a changelog write that is dropped', async () => {
    let commits = 0
    const dropOne = (commit: Commit): Commit =>
      commit.state.length > 1 && ++commits % 5 === 0 ? { ...commit, state: commit.state.slice(1) } : commit
    const [failure] = await findings({ log: log => withCommits(log, dropOne) })
    expect(failure?.message).toMatch(/undisturbed|is not the fold of its log|refused|not/)
  })

  it('an order that is sent twice', async () => {
    const [failure] = await findings({
      venue: venue => ({
        receiveWindow: venue.receiveWindow,
        cancel: clientId => venue.cancel(clientId),
        query: clientId => venue.query(clientId),
        reports: onReport => venue.reports(onReport),
        async submit(order) {
          const answer = await venue.submit(order)
          await venue.submit({ ...order, clientId: `${order.clientId.slice(0, 30)}again` })
          return answer
        },
      }),
    })
    expect(failure?.message).toMatch(/no event asked for|times at the venue/)
  })
})

function withCommits(log: Log, change: (commit: Commit) => Commit): Log {
  const wrap = (writer: Writer): Writer => ({
    name: writer.name,
    restore: () => writer.restore(),
    commit: commit => writer.commit(change(commit)),
    close: () => writer.close(),
  })
  return new Proxy(log, {
    get(target, name) {
      if (name === 'open') return async (writer: string) => wrap(await target.open(writer))
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
