import { type Randomness, systemRandomness } from '@tideway/resilience'

/** A name for a log that was just created: 16 hexadecimal digits. */
export function drawIncarnation(randomness: Randomness = systemRandomness): string {
  let name = ''
  while (name.length < 16) name += Math.floor(randomness.next() * 16).toString(16)
  return name
}
