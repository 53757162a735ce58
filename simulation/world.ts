/** The whole topology in one process under one seed: the feed, the tasks, the order connectors and the venue outside,
 *  each an actor that can die, over one log in memory that fails as it pleases, on a clock that the simulation owns.
 *
 *  W1  Everything that is drawn is drawn from the seed, in one order: the same seed is the same run.
 *  W2  Each seed draws its own fault rates, zero among them.
 *  W3  After the last disturbed step the faults stop, and everything must come to rest by itself. */
import { guardedVenue, OrderConnector, type Venue } from '@tideway/connectors/orders'
import { instrumentOf, type SeededRandom, seededRandom } from '@tideway/domain'
import { VirtualClock } from '@tideway/resilience/testing'
import { Decimal, type EventTopic, type Layout } from '@tideway/schemas'
import { taskSpecs } from '@tideway/stack'
import { Feed, type Log, Task, type TaskOptions, type TaskSpec } from '@tideway/streams'
import { FaultyLog } from '@tideway/streams/log/faulty'
import { MemoryLog } from '@tideway/streams/log/memory'
import { Actor, type Worker } from './actor.ts'
import { drawFaults, type Faults, noFaults, RECEIVE_WINDOW_MICROS } from './faults.ts'
import { instruments, type Script, START, scriptOf } from './script.ts'
import { SimulatedVenue } from './venue/index.ts'

/** What a test breaks on purpose, to see that the checkers find it. */
export interface Sabotage {
  /** Wraps the log that the tasks see. */
  readonly log?: (log: Log) => Log
  /** Replaces the venue that the connectors see. */
  readonly venue?: (venue: SimulatedVenue) => Venue
  readonly tasks?: Partial<TaskOptions>
}

export interface World {
  readonly seed: number
  readonly live: boolean
  readonly layout: Layout
  readonly script: Script
  /** The log as it is, without faults. */
  readonly log: Log
  readonly venue: SimulatedVenue
  readonly actors: readonly Actor[]
  readonly options: Partial<TaskOptions>
}

export async function runWorld(seed: number, steps: number, sabotage: Sabotage = {}): Promise<World> {
  const chance = seededRandom(`simulation/${seed}`)
  const live = chance.below(2) === 0
  const layout = { partitions: 1 + chance.below(3), shards: 1 + chance.below(3) }
  const script = scriptOf(seededRandom(`script/${seed}`), steps, live)
  const log = new MemoryLog({ layout, incarnation: `simulation-${seed}` })
  let faults: Faults = drawFaults(chance)
  const clock = new VirtualClock(START)
  const venue = new SimulatedVenue({
    clock,
    random: seededRandom(`venue/${seed}`),
    faults: faults.venue,
    instruments: new Map(instruments.map(listed => [`${listed.venue}:${listed.symbol}`, instrumentOf(listed)])),
    reference: symbol => new Decimal(symbol.includes('BTC') ? 30_000 : 2_000),
    receiveWindow: RECEIVE_WINDOW_MICROS,
    answerTimeoutMicros: 2 * RECEIVE_WINDOW_MICROS,
  })
  const options: Partial<TaskOptions> = {
    maxEvents: 1 + chance.below(60),
    snapshotEvery: 20 + chance.below(200),
    prompt: new Set<EventTopic>(live ? ['commands', 'reports'] : []),
    ...sabotage.tasks,
  }
  const faulty = new FaultyLog(log, { randomness: seededRandom(`log/${seed}`), rates: () => faults.log })
  const seen = sabotage.log ? sabotage.log(faulty) : faulty
  const actorFaults = () => faults.actor
  const actors = [
    new Actor('feed', faulty, chance, actorFaults, opened =>
      openFeed(opened, script, clock, seededRandom(`feed/${seed}`)),
    ),
    ...taskSpecs(layout, { split: !live && chance.below(2) === 0 }).map(
      spec => new Actor(spec.name, seen, chance, actorFaults, opened => openTask(spec, opened, options)),
    ),
    ...(live ? Array.from({ length: layout.shards }, (_, shard) => connectorActor(shard)) : []),
  ]
  function connectorActor(shard: number): Actor {
    const trades = (portfolio: string) => script.outside.has(portfolio)
    const asSeen = guardedVenue(sabotage.venue ? sabotage.venue(venue) : venue, {
      clock,
      randomness: seededRandom(`guard/${seed}/${shard}`),
      deadlineMicros: 3 * RECEIVE_WINDOW_MICROS,
      failuresToOpen: 5,
      openMicros: 5 * RECEIVE_WINDOW_MICROS,
      attempts: 2,
      firstWaitMicros: 10_000,
    })
    return new Actor(`orders-${shard}`, faulty, chance, actorFaults, opened =>
      OrderConnector.open({
        name: `orders-${shard}`,
        log: opened,
        shard,
        venue: asSeen,
        clock,
        trades,
        reconcileMicros: 300_000,
      }),
    )
  }

  for (let step = 0; step < steps * 2; step++) {
    const actor = actors[chance.below(actors.length)]
    if (actor) await whileTimePasses(clock, actor.step())
    await clock.advance(chance.below(2_000))
  }
  faults = noFaults
  venue.calm()
  for (const actor of actors) actor.bury()
  await comeToRest(actors, clock, chance)
  return { seed, live, layout, script, log, venue, actors, options }
}

/** W3: rounds in which everybody steps until nobody has moved for longer than anything waits. */
async function comeToRest(actors: readonly Actor[], clock: VirtualClock, chance: SeededRandom): Promise<void> {
  let quietRounds = 0
  for (let round = 0; quietRounds < 30; round++) {
    if (round > 20_000) throw new Error('it does not come to rest after the faults have stopped')
    let moved = false
    for (const actor of actors) if (await whileTimePasses(clock, actor.step())) moved = true
    await clock.advance(50_000 + chance.below(10_000))
    quietRounds = moved ? 0 : quietRounds + 1
  }
}

/** A step may wait for the venue: time passes until it ends. */
async function whileTimePasses<R>(clock: VirtualClock, step: Promise<R>): Promise<R> {
  let ended = false
  const end = () => {
    ended = true
  }
  step.then(end, end)
  await Promise.resolve()
  for (let waits = 0; !ended; waits++) {
    if (waits > 100_000) throw new Error('a step never ends: something waits for what will not come')
    await clock.advance(500)
  }
  return step
}

/** A killed task says no goodbye: it has no `close` here. */
async function openTask(spec: TaskSpec, log: Log, options: Partial<TaskOptions>): Promise<Worker> {
  const prompt = spec.segment.per === 'portfolio' ? options.prompt : undefined
  const task = await Task.open(spec, log, { ...options, prompt: prompt ?? new Set() })
  return { step: () => task.step(), recover: () => task.recover() }
}

async function openFeed(log: Log, script: Script, clock: VirtualClock, chance: SeededRandom): Promise<Worker> {
  const feed = await Feed.open<number>('feed', log, ['config', 'commands', 'clock', 'reports', 'ticks'])
  return {
    recover: () => feed.recover(),
    async step() {
      const from = feed.position ?? 0
      if (from >= script.events.length) return false
      const part = script.events.slice(from, from + 1 + chance.below(40))
      for (const event of part) feed.append(event)
      const until = part.at(-1)?.receiveTime ?? 0
      const isLast = from + part.length === script.events.length
      feed.promise(isLast ? until + 1 : until)
      await feed.commit(from + part.length)
      if (until > clock.now()) await clock.advance(until - clock.now())
      return true
    },
  }
}
