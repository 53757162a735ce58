/** `tideway dlq`: records that were set aside. */
import { Command } from 'commander'
import { list } from './list.ts'
import { replay } from './replay.ts'
import { show } from './show.ts'

export const dlq = new Command('dlq')
  .description('Dead letters: records that could not be decoded, or that made a stage throw.')
  .addCommand(list)
  .addCommand(show)
  .addCommand(replay)
