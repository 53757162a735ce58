/** An error as ECS fields: type, code, message and stack, with what caused it down to the root. */

const CAUSES_MAX = 8

/** Fields `error.*` of anything that was thrown. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { 'error.message': String(error) }
  const chain: Error[] = []
  for (let each: unknown = error; each instanceof Error && chain.length < CAUSES_MAX; each = each.cause) {
    if (chain.includes(each)) break
    chain.push(each)
  }
  const code = chain.map(codeOf).find(found => found !== undefined)
  const remedy = (error as Error & { remedy?: unknown }).remedy
  return {
    'error.type': error.name,
    'error.message': chain.map(({ message }) => message).join('; caused by: '),
    'error.stack_trace': chain.map(({ stack }) => stack).join('\nCaused by: '),
    ...(code === undefined ? {} : { 'error.code': code }),
    ...(typeof remedy === 'string' ? { 'error.remedy': remedy } : {}),
  }
}

function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown }
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}
