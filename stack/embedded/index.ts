/** The engines that a machine of its own carries with it: the local log. */
export { hasLog, type LogSettings, logFolderOf, openLocalLog } from './local-log.ts'
export { connectEngine, type OpenLog, openLog } from './open-log.ts'
