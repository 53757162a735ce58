export { type Clock, type Randomness, systemClock, systemRandomness } from './clock.ts'
