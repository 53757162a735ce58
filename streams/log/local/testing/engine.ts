/** A process that owns the folder given to it until its input ends; a line of input makes it commit. For tests. */
import { createInterface } from 'node:readline'
import { aCommit, layout } from '../../conformance.ts'
import { LocalLog } from '../index.ts'

const folder = process.argv[2] ?? ''
const told = (error: unknown) => console.log(JSON.stringify({ ...(error as object), message: String(error) }))

try {
  const log = await LocalLog.open({ folder, layoutIfNew: layout })
  const writer = await log.open('engine')
  const input = createInterface(process.stdin)
  input.on('line', () => writer.commit(aCommit()).catch(told))
  input.on('close', () => log.close())
  console.log('ready')
} catch (error) {
  told(error)
  process.stdin.destroy()
}
