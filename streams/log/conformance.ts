/** One suite for every log: whatever stands behind `Log` passes all of it.
 *
 *  Offsets are only ever compared: a log may leave gaps between them (Kafka's transaction markers do).
 *
 *  ```ts
 *  describeLog('memory log', async settings => ..., { describe, it, expect })
 *  ``` */
import { type CreateHarness, suiteOf, type TestFunctions } from './conformance/harness.ts'
import { describeReading } from './conformance/reading.ts'
import { describeWatermarks } from './conformance/watermarks.ts'
import { describeWriters } from './conformance/writers.ts'
import { describeWriting } from './conformance/writing.ts'

export * from './conformance/harness.ts'

export function describeLog(name: string, createHarness: CreateHarness, test: TestFunctions): void {
  test.describe(name, () => {
    const suite = suiteOf(test, createHarness)
    describeWriting(suite)
    describeReading(suite)
    describeWatermarks(suite)
    describeWriters(suite)
  })
}
