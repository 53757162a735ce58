/** What an event says, in a few words: the fields that a person looks for first. */
import { type Event, formatIdentity } from '@tideway/schemas'

/** Longest list that is written out. */
const LIST_MOST = 4

export function eventSaying(event: Event): string {
  switch (event.type) {
    case 'OrderIntended':
    case 'OrderSubmitted': {
      const { side, quantity, symbol, orderType, limitPrice, timeInForce } = event.data
      const price = limitPrice === null ? 'at market' : `at ${limitPrice}`
      return `${side} ${quantity} ${symbol} ${price}, ${orderType} ${timeInForce}`
    }
    case 'OrderApproved':
      return `reference price ${event.data.referencePrice}`
    case 'OrderDenied': {
      const { rule, value, limit, wouldPass } = event.data
      return `${rule}: ${value}, limit ${limit}, would pass ${wouldPass}`
    }
    case 'OrderStateChanged':
      return `${event.data.from} -> ${event.data.to}${event.data.reason === '' ? '' : `: ${event.data.reason}`}`
    case 'FillRecorded': {
      const { side, quantity, price, fee, feeAsset, liquidity } = event.data
      return `${side} ${quantity} at ${price}, fee ${fee} ${feeAsset}, ${liquidity}`
    }
    default:
      return plainly(event.data)
  }
}

function plainly(data: object): string {
  return Object.entries(data)
    .filter(([name]) => name !== 'order')
    .map(([name, value]) => `${name} ${brief(value)}`)
    .join(', ')
}

function brief(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, LIST_MOST).map(brief).join(' ')
    return value.length > LIST_MOST ? `[${shown} .. ${value.length}]` : `[${shown}]`
  }
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toPrecision(6)
  if (typeof value !== 'object' || value === null) return String(value)
  if ('toFixed' in value) return String(value)
  if ('seq' in value && 'topic' in value) return formatIdentity(value as Parameters<typeof formatIdentity>[0])
  return `{${plainly(value)}}`
}
