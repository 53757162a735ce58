/** Everything that is decided, as stages of segments. The doors beside this one are for strategies and tests. */
export { apart, inputsOf, marketSegment, ranks, type SegmentInput, tradingSegment } from './topology.ts'
