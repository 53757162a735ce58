/** Mean reversion: buys what has fallen far below its average price of the last minute, sells what has risen far above,
 *  with a limit order at the touch; leaves when the price has come back or when it has waited too long.
 *  Distance counts in volatilities of one second; RSI says that the move is stretched, not just large. */
import { MICROS_PER_SECOND } from '@tideway/domain'
import { defineStrategy, exit, goLong, goShort } from '@tideway/processors/strategy'

export const meanReversion = defineStrategy({
  name: 'mean-reversion',
  version: 1,
  about: 'Fades moves away from the average price of the last minute, and leaves when the price has come back.',
  reads: ['features'],
  features: ['vwapDistance', 'volatility', 'rsi'],
  parameters: {
    notional: { value: 1_000, min: 1, max: 1_000_000, about: 'Size of an entry, in the quote currency' },
    enter: {
      value: 3,
      min: 0,
      max: 100,
      about: 'Distance from the average that it fades, in volatilities of one second',
    },
    leave: { value: 0.5, min: -100, max: 100, about: 'Distance at which it takes what it has, likewise' },
    stretched: { value: 30, min: 0, max: 50, about: 'RSI below which it buys; above 100 less this it sells' },
    patienceSeconds: { value: 30, min: 1, max: 86_400, about: 'Seconds after which it gives up a holding' },
    cooldownSeconds: { value: 5, min: 1, max: 86_400, about: 'Seconds from one order to the next entry' },
  },
  empty: () => ({ heldSince: 0 }),
  cooldownSeconds: parameters => parameters.cooldownSeconds,
  on: {
    features({ time, state, parameters, holding, bidTicks, askTicks }, { vwapDistance, volatility, rsi }) {
      if (volatility === 0) return undefined
      const distance = vwapDistance / volatility
      const saying = () => `${distance.toFixed(2)} from average, RSI ${rsi.toFixed(0)}`

      if (holding.quantity !== 0) {
        if (state.heldSince === 0) state.heldSince = time
        const left = holding.quantity > 0 ? -distance : distance
        if (left < parameters.leave) return exit(`${saying()}: it came back`)
        const isLate = time - state.heldSince > parameters.patienceSeconds * MICROS_PER_SECOND
        return isLate ? exit(`${saying()}: patience is over`) : undefined
      }

      state.heldSince = 0
      const strength = Math.abs(distance)
      if (distance < -parameters.enter && rsi < parameters.stretched) {
        return goLong(parameters.notional, saying(), { strength, limitTicks: bidTicks })
      }
      if (distance > parameters.enter && rsi > 100 - parameters.stretched) {
        return goShort(parameters.notional, saying(), { strength, limitTicks: askTicks })
      }
      return undefined
    },
  },
})
