/** What the supervisor and the engine say to each other, over the channel that ties their lives together. */
import { z } from 'zod'
import type { Status } from '../engine/status.ts'
import { settingsSchema } from '../settings/settings.ts'

/** To the engine. */
export const toEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), settings: settingsSchema }),
  z.object({ kind: z.literal('stop') }),
])
export type ToEngine = z.infer<typeof toEngine>

const failure = z.object({
  name: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** Trying again cannot help. */
  final: z.boolean(),
})
/** Why an engine ended. */
export type Failure = z.infer<typeof failure>

const opened = z.object({
  pid: z.number(),
  /** Where /metrics, /livez and /readyz are. */
  url: z.string(),
  folder: z.string(),
  incarnation: z.string(),
  layout: z.object({ partitions: z.number(), shards: z.number() }),
})
export type Opened = z.infer<typeof opened>

/** From the engine. A status is plain data of our own process image: it is taken as it is. */
export const fromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('opened'), opened }),
  z.object({ kind: z.literal('status'), status: z.custom<Status>(value => typeof value === 'object') }),
  z.object({ kind: z.literal('failed'), failure }),
])
export type FromEngine = z.infer<typeof fromEngine>
