/** The supervisor of the engine, and what it shows of it. */
export type { PortfolioStatus, Status } from '../engine/status.ts'
export type { Failure, Opened } from './messages.ts'
export { type Line, type Piece, painted, table } from './paint.ts'
export { Screen } from './screen.ts'
export { lineOf, netResult, screenOf, type View } from './status-view.ts'
export { type Ending, Supervisor, type SupervisorEvents } from './supervisor.ts'
export * from './text.ts'
