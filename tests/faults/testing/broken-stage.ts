/** Tasks with a stage that is broken on purpose; everything else is as it is. */
import type { Stage, Turn } from '@tideway/schemas'
import type { TaskSpec } from '@tideway/streams'

type AnyTurn = Turn<unknown>

/** Exchanges one stage of the tasks that have it. */
export function withStage(name: string, change: (stage: Stage) => Stage): (spec: TaskSpec) => TaskSpec {
  return spec => {
    const stages = spec.segment.stages.map(({ rank, stage }) => ({
      rank,
      stage: stage.name === name ? change(stage as Stage) : stage,
    }))
    return { ...spec, segment: { ...spec.segment, stages } }
  }
}

/** The stage with another way to emit: `emit` is given the turn and what the stage would have emitted. */
export function emitting(
  stage: Stage,
  emit: (turn: AnyTurn, ...emission: Parameters<AnyTurn['emit']>) => ReturnType<AnyTurn['emit']>,
): Stage {
  const broken = (turn: AnyTurn): AnyTurn => ({
    key: turn.key,
    time: turn.time,
    views: turn.views,
    trigger: turn.trigger,
    emit: (topic, type, data, options) => emit(turn, topic, type, data as never, options),
    wakeAt: (due, tag) => turn.wakeAt(due, tag),
  })
  const handlers = Object.entries(stage.on as Record<string, (state: unknown, event: unknown, turn: AnyTurn) => void>)
  const on = handlers.map(([type, handler]) => [
    type,
    (state: unknown, event: unknown, turn: AnyTurn) => handler(state, event, broken(turn)),
  ])
  const { wake } = stage
  return {
    ...stage,
    on: Object.fromEntries(on),
    ...(wake && { wake: (state: unknown, tag: string, turn: AnyTurn) => wake(state, tag, broken(turn)) }),
  }
}
