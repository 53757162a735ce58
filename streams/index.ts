export { type DeadLetter, deadLetterOutput, deadLetterTopic, readDeadLetter } from './dead-letter/record.ts'
export { isLogError, LogError, type LogErrorCode } from './log/errors.ts'
export type * from './log/log.ts'
export { drain } from './task/drain.ts'
export { NondeterminismError, WatermarkError } from './task/errors.ts'
export { Feed, type FeedEvent } from './task/feed.ts'
export { Fold } from './task/fold.ts'
export { interleavingsOf } from './task/interleaving.ts'
export { decodeProgress, type Progress } from './task/progress.ts'
export { StageRefusal } from './task/refusal.ts'
export { Task } from './task/task.ts'
export {
  defaultTaskOptions,
  type RoundReport,
  type TaskObserver,
  type TaskOptions,
  type TaskSpec,
} from './task/task-spec.ts'
export { decodeEvent, EventRecord, encodeEvent, eventOf, isEventTopic, WireError } from './wire/codec.ts'
export { partitionFor, partitionOfKey } from './wire/murmur2.ts'
export { type TopicHash, TopicHasher } from './wire/topic-hash.ts'
