/** The tasks of a layout: one a partition for the market, one a shard for trading. */

import { apart, inputsOf, marketSegment, tradingSegment } from '@tideway/processors'
import type { Layout, Segment } from '@tideway/schemas'
import { builtInStrategies } from '@tideway/strategies'
import { partitionOfKey, type TaskSpec } from '@tideway/streams'

export interface TopologyOptions {
  /** One task for each market stage instead of one for the chained stages. */
  readonly split?: boolean
  /** A feature vector on every tick instead of every 100 ms: for benchmarks. */
  readonly featuresEveryTick?: boolean
}

/** Every task of the layout, market before trading. */
export function taskSpecs(
  layout: Layout,
  { split = false, featuresEveryTick = false }: TopologyOptions = {},
): TaskSpec[] {
  const market = marketSegment(featuresEveryTick ? { everyTick: true } : {})
  const markets = split ? apart(market) : [market]
  return [
    ...markets.flatMap(segment => tasksOf(segment, layout.partitions, layout, () => true)),
    ...tasksOf(
      tradingSegment(builtInStrategies),
      layout.shards,
      layout,
      (key, shard) => partitionOfKey(key, layout.shards) === shard,
    ),
  ]
}

function tasksOf(
  segment: Segment,
  count: number,
  layout: Layout,
  owns: (key: string, partition: number) => boolean,
): TaskSpec[] {
  return Array.from({ length: count }, (_, partition) => ({
    name: `${segment.name}-${partition}`,
    segment,
    inputs: inputsOf(segment, partition, layout),
    partition,
    owns: key => owns(key, partition),
  }))
}
