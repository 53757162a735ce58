/** `tideway lineage`: why an order happened, and what became of it. */
import { formatIdentity, type Identity } from '@tideway/schemas'
import { openLog } from '@tideway/stack/embedded'
import { type CauseNode, type Lineage, lineageBounds, lineageOf } from '@tideway/stack/query'
import { clockTime, instant, type Line } from '@tideway/stack/supervise'
import { z } from 'zod'
import { checked, identity, wholeNumber } from './arguments.ts'
import { eventSaying } from './print/event-saying.ts'
import { sayJson, sayLines } from './print/out.ts'
import { plainEvent } from './print/plain-event.ts'
import { optionsOf, settingsOf, verb } from './verb.ts'

const options = z.object({ depth: z.number(), events: z.number(), json: z.boolean().default(false) })

export const lineage = verb('lineage', 'Walk back from an order or a fill to the ticks and the risk verdict.', [
  'tideway lineage orders/alder/execution/3',
  'tideway lineage executions/alder/execution/7 --json',
])
  .argument('<event>', 'its identity: TOPIC/KEY/SOURCE/SEQ', checked(identity))
  .option('--depth <n>', 'steps back', checked(wholeNumber(1, 1_000)), lineageBounds.depth)
  .option('--events <n>', 'events in all', checked(wholeNumber(1, 100_000)), lineageBounds.events)
  .option('--json', 'one JSON object on standard output')
  .action(async (asked: Identity, _, command) => {
    const { depth, events, json } = optionsOf(options, command)
    const opened = await openLog(settingsOf(command))
    try {
      const found = await lineageOf(opened.log, asked, { depth, events })
      if (json) sayJson(plainly(found))
      else sayLines([...story(found), ...tree(found.origin)])
    } finally {
      await opened.close()
    }
  })

/** Identities as text, and of events what a script asks for. */
function plainly({ asked, origin, story: told }: Lineage) {
  return {
    asked: formatIdentity(asked),
    ...(told && {
      order: formatIdentity(told.order),
      verdict: told.verdict ? plainEvent(told.verdict) : null,
      requests: told.requests.map(plainEvent),
      steps: told.steps.map(plainEvent),
      fills: told.fills.map(plainEvent),
    }),
    origin: plainNode(origin),
  }
}

interface PlainNode {
  readonly identity: string
  readonly causes: readonly PlainNode[]
  readonly [field: string]: unknown
}

function plainNode({ identity: id, event, causes, ...marks }: CauseNode): PlainNode {
  return { ...(event && plainEvent(event)), ...marks, identity: formatIdentity(id), causes: causes.map(plainNode) }
}

function story({ story: told }: Lineage): Line[] {
  if (!told) return []
  const { order, verdict, requests, steps, fills } = told
  const lines: Line[] = [
    [
      ['Order ', 'bold'],
      [formatIdentity(order), 'bold'],
    ],
  ]
  const rest = [...requests, ...steps, ...fills].sort((a, b) => a.ingestTime - b.ingestTime || a.seq - b.seq)
  if (!verdict) lines.push(['  risk has not answered yet'])
  for (const event of verdict ? [verdict, ...rest] : rest) {
    lines.push([`  ${clockTime(event.ingestTime)} `, [event.type, 'cyan'], ` ${eventSaying(event)}`])
  }
  return [...lines, [], [['It follows from', 'bold']]]
}

function tree(node: CauseNode, lead = '', branch = ''): Line[] {
  const { identity: id, event, causes } = node
  const name = formatIdentity(id)
  const line: Line = event
    ? [
        lead + branch,
        [event.type, 'cyan'],
        ` ${name}  ${instant(event.ingestTime)}  ${eventSaying(event)}${markOf(node)}`,
      ]
    : [lead + branch, [`${name}${markOf(node)}`, 'dim']]
  const inner = branch === '' ? '' : lead + (branch === '`- ' ? '   ' : '|  ')
  return [line, ...causes.flatMap((cause, at) => tree(cause, inner, at === causes.length - 1 ? '`- ' : '|- '))]
}

function markOf({ missing, repeated, cut }: CauseNode): string {
  if (missing === 'forgotten') return '  (past retention)'
  if (missing === 'unknown') return '  (not in this log)'
  if (repeated) return '  (see above)'
  return cut ? '  (its causes are left out: see --depth and --events)' : ''
}
