/** `tideway command halt`: the kill switch. */
import { checked, text } from '../arguments.ts'
import { verb } from '../verb.ts'
import { send } from './send.ts'

export const halt = verb('halt', 'Take no new risk and cancel what is open: of one portfolio, or of all.', [
  'tideway command halt --reason "news"',
  'tideway command halt alder',
])
  .argument('[portfolio]', 'all where absent')
  .option('--reason <text>', 'kept with the command', checked(text(200)), 'by hand')
  .option('--json', 'one JSON object on standard output')
  .action(async (portfolio: string | undefined, { reason }: { reason: string }, command) => {
    await send({ type: 'HaltTrading', key: portfolio ?? '*', data: { reason } }, command)
  })
