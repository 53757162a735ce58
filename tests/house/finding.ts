/** What a rule found: where, which wall, and what to do about it. */
export interface Finding {
  /** From the repository's root, with `/`. */
  readonly file: string
  /** From 1; 0 where the whole file is meant. */
  readonly line: number
  readonly wall: string
  readonly problem: string
  readonly remedy: string
}

export function describeFinding({ file, line, wall, problem, remedy }: Finding): string {
  return `${line > 0 ? `${file}:${line}` : file}  [${wall}] ${problem}. ${remedy}.`
}
