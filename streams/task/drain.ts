/** Runs tasks until none moves: how a replay and a backtest drive them, one process, one thread, no waiting. */
import type { Task } from './task.ts'

export async function drain(tasks: readonly Task[]): Promise<void> {
  for (;;) {
    let moved = false
    for (const task of tasks) if (await task.step()) moved = true
    if (!moved) return
  }
}
