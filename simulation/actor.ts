/** A process of the simulation: it works in steps, can die at any call, be replaced while it still lives, and meet
 *  faults that it must recover from by itself. */
import type { SeededRandom } from '@tideway/domain'
import { isLogError, type Log } from '@tideway/streams'
import { Killed, Life, mortalLog } from './mortal-log.ts'

export interface Worker {
  /** True when it moved. */
  step(): Promise<boolean>
  /** Starts again from the log; absent where only a new process does. */
  recover?(): Promise<void>
  close?(): void
}

export interface ActorFaults {
  /** Chance to die at a call to the log. */
  readonly death: number
  /** Chance per step that a standby takes over from a process that still lives. */
  readonly takeOver: number
}

interface Running {
  readonly worker: Worker
  readonly life: Life
}

export class Actor {
  readonly name: string
  deaths = 0
  takeOvers = 0
  fenced = 0
  readonly #open: (log: Log) => Promise<Worker>
  readonly #log: Log
  readonly #chance: SeededRandom
  readonly #faults: () => ActorFaults
  #running: Running | undefined
  /** Processes that were replaced and do not know it. */
  #zombies: Running[] = []

  constructor(
    name: string,
    log: Log,
    chance: SeededRandom,
    faults: () => ActorFaults,
    open: (log: Log) => Promise<Worker>,
  ) {
    this.name = name
    this.#open = open
    this.#log = log
    this.#chance = chance
    this.#faults = faults
  }

  /** One step of the process, of a zombie, or the start of a new process. True when something moved. */
  async step(): Promise<boolean> {
    const zombie = this.#zombies.pop()
    if (zombie && this.#chance.below(2) === 0) return this.#stepZombie(zombie)
    if (zombie) this.#zombies.push(zombie)
    if (this.#running && this.#chance.next() < this.#faults().takeOver) {
      this.takeOvers++
      this.#zombies.push(this.#running)
      this.#running = undefined
    }
    const running = this.#running ?? (await this.#start())
    return running ? this.#stepRunning(running) : true
  }

  /** Whether it can be shown to have nothing to do. */
  get settled(): boolean {
    return this.#running !== undefined
  }

  async #start(): Promise<Running | undefined> {
    const life = new Life(this.#chance, () => this.#faults().death)
    try {
      this.#running = { worker: await this.#open(mortalLog(this.#log, life)), life }
      return this.#running
    } catch (error) {
      this.#survive(error)
      return undefined
    }
  }

  async #stepRunning(running: Running): Promise<boolean> {
    try {
      return await running.worker.step()
    } catch (error) {
      this.#survive(error)
      await this.#startAgain(running, error)
      return true
    }
  }

  /** In place where it can, as a new process otherwise. */
  async #startAgain({ worker }: Running, error: unknown): Promise<void> {
    if (!(error instanceof Killed) && worker.recover && this.#chance.below(2) === 0) {
      try {
        await worker.recover()
        return
      } catch (again) {
        this.#survive(again)
      }
    }
    worker.close?.()
    this.#running = undefined
  }

  async #stepZombie(zombie: Running): Promise<boolean> {
    try {
      await zombie.worker.step()
      this.#zombies.push(zombie)
    } catch (error) {
      this.#survive(error)
      zombie.worker.close?.()
    }
    return true
  }

  /** Faults of the simulation are survived; anything else is a finding. */
  #survive(error: unknown): void {
    if (error instanceof Killed) this.deaths++
    else if (isLogError(error, 'fenced')) this.fenced++
    else if (!isLogError(error)) throw error
  }

  /** The calm after: zombies are gone. */
  bury(): void {
    for (const { worker } of this.#zombies) worker.close?.()
    this.#zombies = []
  }
}
