/** A small disk of its own, for tests that fill one: root on Linux only. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder where it is mounted; undefined where none can be. */
export function mountSmallDisk(size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tideway-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmdirSync(folder)
    return undefined
  }
}

export function unmountSmallDisk(folder: string): void {
  execFileSync('umount', [folder])
  rmdirSync(folder)
}

export function canMountSmallDisk(): boolean {
  const probe = mountSmallDisk('1m')
  if (probe) unmountSmallDisk(probe)
  return probe !== undefined
}
