/** All verbs, under one name. */
import { Command } from 'commander'
import { command } from './command/index.ts'
import { dlq } from './dlq/index.ts'
import { doctor } from './doctor.ts'
import { exitCodesHelp } from './exit-codes.ts'
import { lineage } from './lineage.ts'
import { portfolio } from './portfolio/index.ts'
import { record } from './record.ts'
import { replay } from './replay.ts'
import { simulate } from './simulate.ts'
import { start } from './start.ts'
import { strategies } from './strategies.ts'
import { topics } from './topics.ts'

export const program = new Command('tideway')
  .description('Trades on paper, replays captures, and answers what happened and why.')
  .option('--home <folder>', 'folder of the log; TIDEWAY_HOME, or .tideway, where absent')
  .option('--debug', 'show the stack trace of an error')
  .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
  .addHelpText(
    'after',
    `
Examples:
  tideway start
  tideway replay btcusdt.gz --log memory
  tideway lineage orders/alder/execution/3
${exitCodesHelp}
Settings are read from the environment; .env.example names them all.`,
  )
  .showHelpAfterError('Add --help for what there is.')

for (const each of [start, replay, record, topics, lineage, dlq, command, portfolio, strategies, doctor, simulate]) {
  program.addCommand(inherit(each))
}
program.exitOverride()

/** Settings of the whole that commander does not hand down to commands that were made apart. */
function inherit(each: Command): Command {
  each.copyInheritedSettings(program)
  each.exitOverride()
  for (const child of each.commands) inherit(child)
  return each
}
