/** What a look at every byte of a log's store finds. */
import { type Damage, LocalLog } from '@tideway/streams/log/local'

export async function checkedOutcome(folder: string): Promise<readonly Damage[]> {
  const log = await LocalLog.open({ folder, layoutIfNew: { partitions: 3, shards: 2 } })
  try {
    return (await log.check()).damages
  } finally {
    await log.close()
  }
}
