export { OrderConnector, type OrderConnectorOptions } from './connector.ts'
export * from './venue.ts'
