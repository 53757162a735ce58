/** `tideway start`: the engine under a supervisor, with its status on the screen, or line by line. */
import { redacted, type Settings } from '@tideway/stack/settings'
import { type Ending, lineOf, Supervisor } from '@tideway/stack/supervise'
import { z } from 'zod'
import { checked, seconds, wholeNumber } from './arguments.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { note } from './print/out.ts'
import { type Show, showJson, showPlain, showScreen } from './start-show.ts'
import { optionsOf, settingsOf, verb } from './verb.ts'

const options = z.object({
  seed: z.number().optional(),
  duration: z.number().optional(),
  plain: z.boolean().default(false),
  json: z.boolean().default(false),
})

const codeOfFailure: Readonly<Record<string, ExitCode>> = {
  'in-use': exitCodes.engine,
  damaged: exitCodes.findings,
}

export const start = verb('start', 'Start the engine: a simulated market, traded on paper.', [
  'tideway start',
  'tideway start --duration 60 --plain     # for a minute, line by line',
  'tideway start --home /var/lib/tideway   # its log in another folder',
])
  .option('--seed <n>', 'seed of the simulated market of a new log', checked(wholeNumber(0, 2 ** 31)))
  .option('--duration <seconds>', 'stop by itself after so long', checked(seconds))
  .option('--plain', 'lines instead of a screen; so it is where standard output is no terminal')
  .option('--json', 'one JSON object a line: opened, status, restart, stopped')
  .addHelpText(
    'after',
    `
It goes on where it was: portfolios, orders and history are in the log. No option deletes anything.
Ctrl-C stops it cleanly; a second one kills it, and nothing that was committed is lost.
`,
  )
  .action(async (_, command) => {
    const { seed, duration, plain, json } = optionsOf(options, command)
    const settings = settingsOf(command, seed === undefined ? {} : { TIDEWAY_MARKET_SEED: seed })
    const isScreen = process.stdout.isTTY && !plain && !json
    process.exitCode = await run(settings, duration, json ? showJson() : isScreen ? showScreen(settings) : showPlain())
  })

async function run(settings: Settings, duration: number | undefined, show: Show): Promise<ExitCode> {
  const supervisor = new Supervisor(settings, show)
  const stop = () => supervisor.stop()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  const timer = duration === undefined ? undefined : setTimeout(stop, duration * 1000)
  show.begin(redacted(settings))
  let ending: Ending
  try {
    ending = await supervisor.run()
  } finally {
    clearTimeout(timer)
    show.end()
  }
  if (ending.kind === 'failed') {
    const { failure } = ending
    note(`error: ${failure.message}\nwhat to do: ${failure.remedy}`)
    return codeOfFailure[failure.code] ?? exitCodes.failed
  }
  const { last } = show
  note(`Stopped.${last ? ` ${lineOf(last)}` : ''}`)
  note(`Everything is in ${settings.TIDEWAY_HOME}; the next start goes on from there.`)
  return exitCodes.ok
}
