/** `tideway command`: what people ask of a running engine. */
import { Command } from 'commander'
import { cancel } from './cancel.ts'
import { halt } from './halt.ts'
import { limits } from './limits.ts'
import { order } from './order.ts'
import { resume } from './resume.ts'

export const command = new Command('command')
  .description('Send a command to the engine that runs: halt, resume, limits, order, cancel.')
  .addCommand(halt)
  .addCommand(resume)
  .addCommand(limits)
  .addCommand(order)
  .addCommand(cancel)
