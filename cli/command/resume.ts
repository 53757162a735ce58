/** `tideway command resume`: lifts a halt. */
import { checked, text } from '../arguments.ts'
import { verb } from '../verb.ts'
import { send } from './send.ts'

export const resume = verb('resume', 'Lift the halt: of one portfolio, or of all.', [
  'tideway command resume',
  'tideway command resume alder --reason "checked"',
])
  .argument('[portfolio]', 'all where absent')
  .option('--reason <text>', 'kept with the command', checked(text(200)), 'by hand')
  .option('--json', 'one JSON object on standard output')
  .action(async (portfolio: string | undefined, { reason }: { reason: string }, command) => {
    await send({ type: 'ResumeTrading', key: portfolio ?? '*', data: { reason } }, command)
  })
