/** The value that a symbol's traders believe in: a random walk in moods (character.ts), pulled back to its anchor.
 *
 *  Only sums, products and square roots: the same numbers on every machine, which `Math.exp` does not promise. */
import type { SeededRandom } from '@tideway/domain'
import { CALM_VOLATILITY, type Character, type MoodName, moods } from './character.ts'

export interface Value {
  /** In ticks, with fractions. */
  ticks: number
  mood: MoodName
  /** Fraction of price per second. */
  drift: number
  /** UTC microseconds. */
  moodEnds: number
}

/** The value at the start: at the anchor and calm. */
export function initialValue({ anchorTicks }: Character, time: number): Value {
  return { ticks: anchorTicks, mood: 'calm', drift: 0, moodEnds: time + 3_000_000 }
}

/** Lets `micros` pass up to `time`. */
export function moveValue(
  value: Value,
  { anchorTicks }: Character,
  time: number,
  micros: number,
  random: SeededRandom,
): void {
  if (time >= value.moodEnds) changeMood(value, time, random)
  const mood = moods[value.mood]
  const seconds = micros / 1e6
  const walk = CALM_VOLATILITY * mood.wildness * Math.sqrt(seconds) * bell(random)
  const pull = Math.min(1, mood.pull * seconds) * (anchorTicks - value.ticks)
  const moved = value.ticks + value.ticks * (value.drift * seconds + walk) + pull
  value.ticks = Math.min(anchorTicks * 2, Math.max(anchorTicks / 2, moved))
}

function changeMood(value: Value, time: number, random: SeededRandom): void {
  let draw = random.next()
  let mood: MoodName = 'calm'
  for (const [next, share] of moods[value.mood].next) {
    if (draw < 0) break
    mood = next
    draw -= share
  }
  value.mood = mood
  const { drift, seconds } = moods[value.mood]
  const strength = drift * (0.5 + random.next() / 2)
  value.drift = random.next() < 0.5 ? strength : -strength
  const [least, most] = seconds
  value.moodEnds = time + Math.floor((least + random.next() * (most - least)) * 1e6)
}

/** About normal, mean 0 and deviation 1: the sum of four even draws (Irwin-Hall), within 3.46 deviations. */
function bell(random: SeededRandom): number {
  return (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3)
}
