/** A venue of the simulator's own: what it may do wrong, and what it knows to be true. */
export { drawFaults, noFaults, type VenueFaults } from './faults.ts'
export { filledOf, SimulatedVenue, type SimulatedVenueOptions, type TrueOrder } from './venue.ts'
