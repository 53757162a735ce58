/** Runs one verb and gives its exit code.
 *
 *  R1  Answers go to standard output; errors, notes and progress to standard error.
 *  R2  An error says what was wrong, where, and what to do; its stack only with --debug. */
import { CommanderError } from 'commander'
import { exitCodeOf, explain } from './errors.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { program } from './program.ts'

/** `argv` as Node gives it. A verb that found something has set the process' exit code itself. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync(argv)
    return (process.exitCode ?? exitCodes.ok) as ExitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    process.stderr.write(explain(error))
    if (argv.includes('--debug') && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`) // R2
    return exitCodeOf(error)
  }
}

function stackOf(error: Error): string {
  const { cause, stack } = error
  return cause instanceof Error ? `${stack}\ncaused by: ${stackOf(cause)}` : `${stack}`
}
