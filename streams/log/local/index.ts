export { LocalLog, type LocalLogOptions } from './local-log.ts'
export type { Durability } from './store.ts'
