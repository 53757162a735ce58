/** `tideway portfolio`: who trades, and by which strategies. */
import { Command } from 'commander'
import { assign } from './assign.ts'
import { list } from './list.ts'
import { open } from './open.ts'

export const portfolio = new Command('portfolio')
  .description('Show portfolios, open one, or assign one other strategies.')
  .addCommand(list)
  .addCommand(open)
  .addCommand(assign)
