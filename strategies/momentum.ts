/** Momentum: goes with a short trend while the order flow agrees, and leaves when the trend fades.
 *  The trend is the distance of a 2 s from a 10 s average of mid, in volatilities of one second, so that one threshold
 *  fits symbols of any price and temper. */
import { defineStrategy, exit, goLong, goShort } from '@tideway/processors/strategy'

export const momentum = defineStrategy({
  name: 'momentum',
  version: 1,
  about: 'Goes with a short trend while the order flow agrees, and leaves when the trend fades.',
  reads: ['features'],
  features: ['emaFast', 'emaSlow', 'volatility', 'orderFlowImbalance'],
  parameters: {
    notional: { value: 1_000, min: 1, max: 1_000_000, about: 'Size of an entry, in the quote currency' },
    enter: { value: 1, min: 0, max: 100, about: 'Trend that it joins, in volatilities of one second' },
    leave: { value: 0.2, min: -100, max: 100, about: 'Trend below which it leaves, in volatilities of one second' },
    cooldownSeconds: { value: 5, min: 1, max: 86_400, about: 'Seconds from one order to the next entry' },
  },
  empty: () => ({}),
  cooldownSeconds: parameters => parameters.cooldownSeconds,
  on: {
    features({ parameters, holding }, { emaFast, emaSlow, volatility, orderFlowImbalance }) {
      if (volatility === 0) return undefined
      const trend = (emaFast / emaSlow - 1) / volatility
      const saying = () => `trend ${trend.toFixed(2)}`

      if (holding.quantity > 0) return trend < parameters.leave ? exit(`${saying()}: it fades`) : undefined
      if (holding.quantity < 0) return -trend < parameters.leave ? exit(`${saying()}: it fades`) : undefined

      const strength = Math.abs(trend)
      if (trend > parameters.enter && orderFlowImbalance > 0) {
        return goLong(parameters.notional, `${saying()}, buyers add`, { strength })
      }
      if (trend < -parameters.enter && orderFlowImbalance < 0) {
        return goShort(parameters.notional, `${saying()}, sellers add`, { strength })
      }
      return undefined
    },
  },
})
