/** The command line: reads the arguments, calls one verb, ends with its exit code.
 *
 *  M1  A reader that goes away (`tideway topics | head`) is no error.
 *  M2  What cannot be loaded is told with what to do, as any other error. */
import { exitCodes } from './exit-codes.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok) // M1
  throw error
})

try {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv)
} catch (error) {
  // M2: only what cannot even be loaded comes here: a missing package, a native part of another machine.
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`)
  process.stderr.write('what to do: run `npm ci` in the repository, on this machine\n')
  process.exitCode = exitCodes.failed
}
