export { OrderConnector, type OrderConnectorOptions } from './connector.ts'
export { type GuardSettings, guardedVenue } from './guarded-venue.ts'
export * from './venue.ts'
