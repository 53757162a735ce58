/** What the exit code of a verb says to a script. */

export const exitCodes = {
  ok: 0,
  /** What was asked for went wrong. */
  failed: 1,
  /** The call cannot be understood: an option, an argument, a setting. */
  usage: 2,
  /** There is no such file, log, event, portfolio. */
  notFound: 3,
  /** The folder belongs to another process; or the engine that is needed does not run. */
  engine: 4,
  /** It worked, and found what should not be: damage, differences, a machine that is not fit. */
  findings: 5,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodesHelp = `
Exit codes:
  0  it worked
  1  it failed
  2  the call, or a setting, cannot be understood
  3  there is no such file, log, event or portfolio
  4  the folder is in use by another process, or the engine does not run
  5  it worked and found something: damage, messages set aside, a machine that is not fit
`
