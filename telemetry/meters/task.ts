/** What a task says of itself: its commits, how far it is behind, how much it keeps, how long it took to come back. */
import type { Telemetry } from '../telemetry.ts'

export interface TaskMeter {
  /** A batch was committed: records read, and the time that fold and commit took together. */
  committed(records: number, micros: number): void
  /** A batch failed and was discarded, by the error's code. */
  aborted(code: string): void
  /** Records of its inputs that it has not read. */
  lag(records: number): void
  /** Real time less the lowest watermark of its inputs. */
  watermarkDelay(micros: number): void
  /** State as it would be saved. */
  state(bytes: number, entries: number): void
  /** From start to the first batch: state read and folded up to the committed offset. */
  restored(micros: number): void
}

export function taskMeter(telemetry: Telemetry, task: string): TaskMeter {
  const labels = ['task'] as const
  const records = telemetry
    .counter({ name: 'tideway_task_records_total', help: 'Records read and committed', labels })
    .of({ task })
  const commit = telemetry
    .timing({ name: 'tideway_task_commit_seconds', help: 'Fold and commit of a batch', labels })
    .of({ task })
  const aborts = telemetry.counter({
    name: 'tideway_task_aborts_total',
    help: 'Batches that failed and were discarded',
    labels: ['task', 'code'],
  })
  const lag = telemetry
    .gauge({ name: 'tideway_task_lag_records', help: 'Records of its inputs that are not read yet', labels })
    .of({ task })
  const delay = telemetry
    .gauge({ name: 'tideway_task_watermark_delay_seconds', help: 'Real time less the lowest watermark', labels })
    .of({ task })
  const bytes = telemetry.gauge({ name: 'tideway_task_state_bytes', help: 'State as it is saved', labels }).of({ task })
  const entries = telemetry
    .gauge({ name: 'tideway_task_state_entries', help: 'Keys that the state holds', labels })
    .of({ task })
  const restore = telemetry
    .gauge({ name: 'tideway_task_restore_seconds', help: 'From start to the first batch', labels })
    .of({ task })
  return {
    committed(count, micros) {
      records.add(count)
      commit.record(micros)
    },
    aborted: code => aborts.of({ task, code }).add(1),
    lag: count => lag.set(count),
    watermarkDelay: micros => delay.set(micros / 1e6),
    state(size, count) {
      bytes.set(size)
      entries.set(count)
    },
    restored: micros => restore.set(micros / 1e6),
  }
}
