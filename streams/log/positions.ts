import type { Position } from './log.ts'

/** The order in which a writer's positions are told: topic by code unit, then partition. */
export function comparePositions(a: Position, b: Position): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
}
