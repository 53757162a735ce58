/** Two engines on one folder: the second is told who has it, and harms nothing. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { openLog, replayed } from './testing/chain.ts'
import { start } from './testing/kills.ts'

describe('a second engine on the same folder', () => {
  const { folder, discard } = scratch('second')
  let captures: string[] = []
  let undisturbed: Fingerprint | undefined

  beforeAll(async () => {
    captures = await recordSimulated(folder, 20)
    undisturbed = await fingerprint(captures)
  })
  afterAll(discard)

  it('is refused while the first works, stands still and ends; after a kill the folder is free at once', async () => {
    const first = start({ folder: `${folder}/log`, chunk: 50, durability: 'process', captures })
    let done: Fingerprint | undefined
    const isOpen = new Promise<void>(resolve => first.onLine(line => line === 'open' && resolve()))
    const isDone = new Promise<void>(resolve =>
      first.onLine(line => {
        if (!line.startsWith('done ')) return
        done = JSON.parse(line.slice('done '.length)) as Fingerprint
        resolve()
      }),
    )
    const refused = {
      code: 'in-use',
      message: expect.stringContaining(`belongs to process ${first.process.pid}`),
      remedy: expect.stringContaining('Stop that engine first'),
    }
    const second = () => openLog(`${folder}/log`)
    await isOpen
    await expect(second()).rejects.toMatchObject(refused)
    first.process.kill('SIGSTOP')
    await expect(second()).rejects.toMatchObject(refused)
    first.process.kill('SIGCONT')
    await isDone
    expect(done).toEqual(undisturbed)
    await expect(second()).rejects.toMatchObject(refused)
    first.process.kill('SIGKILL')
    await once(first.process, 'close')

    const log = await second()
    expect(await replayed({ log, captures })).toEqual(undisturbed)
    await log.close()
  })
})
