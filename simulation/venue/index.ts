/** A venue of the simulator's own: what it may do wrong, and what it knows to be true. */
export { noVenueFaults, type TrueOrder, type VenueFaults, type VenueTruth } from './truth.ts'
export { filledOf, SimulatedVenue, type SimulatedVenueOptions } from './venue.ts'
