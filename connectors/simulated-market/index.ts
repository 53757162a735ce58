export { SIMULATED_VENUE, simulatedInstruments } from './instruments.ts'
export {
  type SavedMarket,
  type SimulatedMarket,
  type SimulatedMarketSettings,
  type SimulatedMessage,
  simulatedMarket,
} from './market.ts'
