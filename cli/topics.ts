/** `tideway topics`: what the log holds and how far everybody has read it. */
import { openLog } from '@tideway/stack/embedded'
import { type LogState, logState } from '@tideway/stack/query'
import { grouped, instant } from '@tideway/stack/supervise'
import { z } from 'zod'
import { say, sayJson, sayTable } from './print/out.ts'
import { optionsOf, settingsOf, verb } from './verb.ts'

const options = z.object({ all: z.boolean().default(false), json: z.boolean().default(false) })

export const topics = verb('topics', 'Show topics, counts, watermarks, and the lag of each task.', [
  'tideway topics',
  'tideway topics --home ./replayed --json',
])
  .option('--all', 'empty topics as well')
  .option('--json', 'one JSON object on standard output')
  .action(async (_, command) => {
    const { all, json } = optionsOf(options, command)
    const opened = await openLog(settingsOf(command))
    try {
      const state = await logState(opened.log)
      const engine = opened.engine !== undefined
      if (json) sayJson({ ...state, engine })
      else print(state, engine, all)
    } finally {
      await opened.close()
    }
  })

function print({ incarnation, layout, topics: states, writers }: LogState, engine: boolean, all: boolean): void {
  say(
    `log ${incarnation}, ${layout.partitions} partitions, ${layout.shards} shards, ${engine ? 'an engine runs' : 'no engine runs'}`,
  )
  say('')
  const shown = states.filter(({ count, watermark }) => all || count > 0 || watermark > 0)
  sayTable(
    [
      ['topic', 'kind', 'partitions', 'events', 'watermark'],
      ...shown.map(({ topic, kind, partitions, count, forgotten, watermark }) => [
        topic,
        kind,
        grouped(partitions),
        `${grouped(count)}${forgotten > 0 ? ` (+${grouped(forgotten)} past retention)` : ''}`,
        watermark > 0 ? instant(watermark) : '-',
      ]),
    ],
    [2, 3],
  )
  say('')
  sayTable(
    [
      ['task or feed', 'commits', 'lag'],
      ...writers.map(({ writer, commits, lag }) => [writer, grouped(commits), lag === undefined ? '-' : grouped(lag)]),
    ],
    [1, 2],
  )
}
