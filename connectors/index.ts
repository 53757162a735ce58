/** The doors to the outside: exchanges, captures, the simulated market. Only what lives here speaks to it. */
export * from './capture/index.ts'
export { binanceDecoder, type Decode, type DecodedTick, type DecoderOptions } from './exchange/binance/decode.ts'
export { DecodeError, type DecodeErrorCode, type DecodePlace } from './exchange/binance/errors.ts'
export { knownInstruments } from './exchange/binance/instruments.ts'
export * from './orders/index.ts'
export * from './simulated-market/index.ts'
