/** `tideway command cancel`: asks for the end of an open order. */
import type { Identity } from '@tideway/schemas'
import { checked, identity } from '../arguments.ts'
import { UsageError } from '../errors.ts'
import { verb } from '../verb.ts'
import { send } from './send.ts'

export const cancel = verb('cancel', 'Cancel one open order.', ['tideway command cancel orders/alder/execution/3'])
  .argument('<order>', 'its identity', checked(identity))
  .option('--json', 'one JSON object on standard output')
  .action(async ({ topic, key, source, seq }: Identity, _, command) => {
    if (topic !== 'orders') {
      throw new UsageError(`An order is named orders/PORTFOLIO/SOURCE/SEQ, not ${topic}/...`, 'See `tideway lineage`.')
    }
    await send({ type: 'CancelOrder', key, data: { orderSource: source, orderSeq: seq } }, command)
  })
