export { constantRandomness, seededRandomness } from './seeded.ts'
export { VirtualClock } from './virtual-clock.ts'
