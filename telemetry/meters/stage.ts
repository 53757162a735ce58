/** What a stage says of itself: how many events it folds and emits, how long they took to get here, what it refused. */
import type { Telemetry } from '../telemetry.ts'

export interface StageMeter {
  /** Events folded and emitted since the last call: once a batch. */
  events(folded: number, emitted: number): void
  /** From the receipt of the root at the edge to the commit of what the stage made of it. */
  latency(micros: number, events?: number): void
  /** One event that the stage threw at, by the error's code. */
  refused(code: string): void
}

export function stageMeter(telemetry: Telemetry, stage: string): StageMeter {
  const labels = ['stage'] as const
  const folded = telemetry
    .counter({ name: 'tideway_stage_events_in_total', help: 'Events that the stage folded', labels })
    .of({ stage })
  const emitted = telemetry
    .counter({ name: 'tideway_stage_events_out_total', help: 'Events that the stage emitted', labels })
    .of({ stage })
  const latency = telemetry
    .timing({ name: 'tideway_stage_latency_seconds', help: 'Receipt at the edge to commit', labels })
    .of({ stage })
  const refusals = telemetry.counter({
    name: 'tideway_stage_errors_total',
    help: 'Events that made the stage throw and were set aside',
    labels: ['stage', 'code'],
  })
  return {
    events(foldedCount, emittedCount) {
      folded.add(foldedCount)
      emitted.add(emittedCount)
    },
    latency: (micros, events) => latency.record(micros, events),
    refused: code => refusals.of({ stage, code }).add(1),
  }
}
