export { MemoryLog, type MemoryLogOptions } from './memory-log.ts'
export type { PlaceableRecord } from './partition.ts'
