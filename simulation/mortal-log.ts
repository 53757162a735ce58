/** The log as a mortal process sees it: any call may be its last.
 *
 *  B1  Death comes before the call or after it took effect, so that a commit may be there that nobody was told of.
 *  B2  Once dead, every later call of that process throws. */
import type { SeededRandom } from '@tideway/domain'
import type { Commit, Log, Saved, Writer } from '@tideway/streams'

export class Killed extends Error {
  override readonly name = 'Killed'
}

/** The life of one process; shared by everything that dies with it. */
export class Life {
  #dead = false
  readonly #chance: SeededRandom
  #rate: () => number

  /** `rate` is the chance to die at a call. */
  constructor(chance: SeededRandom, rate: () => number) {
    this.#chance = chance
    this.#rate = rate
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Passes a call that may be the last. */
  async pass<R>(call: () => Promise<R>): Promise<R> {
    this.#mayDie()
    const result = await call()
    this.#mayDie()
    return result
  }

  #mayDie(): void {
    if (!this.#dead && this.#chance.next() < this.#rate()) this.#dead = true
    if (this.#dead) throw new Killed('the process was killed')
  }

  kill(): void {
    this.#dead = true
  }
}

export function mortalLog(log: Log, life: Life): Log {
  return {
    kind: log.kind,
    incarnation: log.incarnation,
    layout: log.layout,
    maxRecordBytes: log.maxRecordBytes,
    get version() {
      return log.version
    },
    read: (topic, partition, from, limit) => life.pass(() => log.read(topic, partition, from, limit)),
    ends: (topic, partition) => life.pass(() => log.ends(topic, partition)),
    changed: (version, signal) => log.changed(version, signal),
    writers: () => log.writers(),
    close: async () => {},
    open: name => life.pass(async () => mortalWriter(await log.open(name), life)),
  }
}

function mortalWriter(writer: Writer, life: Life): Writer {
  return {
    name: writer.name,
    restore: (): Promise<Saved | undefined> => life.pass(() => writer.restore()),
    commit: (commit: Commit) => life.pass(() => writer.commit(commit)),
    close: () => writer.close(),
  }
}
