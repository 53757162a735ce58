/** The undisturbed double of a run: its inputs, folded again on a log of their own by processes that nothing befalls. */

import { type Layout, partitionsOf, type TopicName } from '@tideway/schemas'
import { taskSpecs } from '@tideway/stack'
import { drain, interleavingsOf, type Log, partitionFor, Task, type TaskOptions } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'

const inputs = ['config', 'commands', 'clock', 'reports', 'ticks'] as const satisfies readonly TopicName[]

/** Folds the inputs by stamp, in a layout of its own. */
export async function doubleByStamp(day: Log, layout: Layout, options: Partial<TaskOptions>): Promise<Log> {
  const log = await inputsOf(day, layout)
  const tasks: Task[] = []
  for (const spec of taskSpecs(layout)) tasks.push(await Task.open(spec, log, options))
  await drain(tasks)
  return log
}

/** Folds the inputs in the order that the day recorded; the layout is the day's. */
export async function doubleByRecord(day: Log, options: Partial<TaskOptions>): Promise<Log> {
  const log = await inputsOf(day, day.layout)
  const specs = taskSpecs(day.layout)
  for (const spec of specs) if (spec.segment.per === 'symbol') await drain([await Task.open(spec, log)])
  for (const spec of specs) {
    if (spec.segment.per !== 'portfolio') continue
    const task = await Task.open(spec, log, options)
    for await (const record of interleavingsOf(day, spec.name)) {
      while (!(await task.stepFollowing(record)));
    }
    await drain([task])
  }
  return log
}

/** The inputs of a log in a new one; at the same offsets where the layout is the same. */
async function inputsOf(day: Log, layout: Layout): Promise<Log> {
  const copy = new MemoryLog({ layout, incarnation: day.incarnation })
  const writer = await copy.open('copy')
  for (const topic of inputs) {
    let watermark = Number.MAX_SAFE_INTEGER
    const records = []
    for (let partition = 0; partition < partitionsOf(topic, day.layout); partition++) {
      const batch = await day.read(topic, partition, 0, { records: 1e9, bytes: 1e12 })
      for (const { key, value } of batch.records) records.push({ key, value, partition })
      watermark = Math.min(watermark, batch.watermark)
    }
    const count = partitionsOf(topic, layout)
    const same = count === partitionsOf(topic, day.layout)
    const placed = records.map(record => ({
      ...record,
      partition: same ? record.partition : partitionFor(topic, record.key, layout),
    }))
    const partitions = Array.from({ length: count }, (_, partition) => partition)
    await writer.commit({
      outputs: partitions.map(partition => ({
        topic,
        partition,
        records: placed.filter(each => each.partition === partition),
      })),
      watermarks: partitions.map(partition => ({ topic, partition, source: 'copy', time: watermark })),
      positions: [],
      progress: new Uint8Array(),
      state: [],
    })
  }
  return copy
}
