/** Asks the engine that runs to put something into the log, and says what it was given as identity. */
import { formatIdentity, type Identity } from '@tideway/schemas'
import { connectEngine } from '@tideway/stack/embedded'
import type { Settings } from '@tideway/stack/settings'
import type { AppendRequest, RemoteLog } from '@tideway/streams/log/local'
import { z } from 'zod'

const reply = z.object({
  identities: z.array(z.object({ topic: z.string(), key: z.string(), source: z.string(), seq: z.number() })).min(1),
})

/** Throws StackError `not-running`, or LogError with what the engine said. */
export async function request<T>(
  settings: Settings,
  asked: AppendRequest,
  then: (identities: readonly Identity[], engine: RemoteLog) => Promise<T>,
): Promise<T> {
  const engine = await connectEngine(settings)
  try {
    const { identities } = reply.parse(await engine.append(asked))
    return await then(identities, engine)
  } finally {
    await engine.close()
  }
}

export const names = (identities: readonly Identity[]) => identities.map(formatIdentity)
