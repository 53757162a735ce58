export type { AppendReply, AppendRequest, OnAppend } from './protocol.ts'
export { type ConnectOptions, connectLog, type LogReader, type RemoteLog } from './remote-log.ts'
export { type LogServer, serveLog } from './server.ts'
