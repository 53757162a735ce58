/** Looks at a log as a process of its own, since a damaged store may take its reader with it: checks every byte, then
 *  replays again. Says one line of JSON.
 *
 *    node tests/faults/testing/look-child.ts FOLDER CAPTURE... */
import { isLogError } from '@tideway/streams'
import { openLog, replayed } from './chain.ts'

const [folder = '', ...captures] = process.argv.slice(2)
const say = (outcome: object) => console.log(JSON.stringify(outcome))

try {
  const log = await openLog(folder)
  try {
    const { damages } = await log.check()
    const found = await replayed({ log, captures }).catch((error: unknown) => {
      if (!isLogError(error)) throw error
      return { code: error.code, where: error.where, remedy: error.remedy }
    })
    say({ damages, found })
  } finally {
    await log.close()
  }
} catch (error) {
  if (!isLogError(error)) throw error
  say({ damages: [error.code], found: { code: error.code, where: error.where, remedy: error.remedy } })
}
