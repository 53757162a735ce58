/** The orders of a portfolio as execution knows them: all open ones, and the last that ended.
 *
 *  Ended orders are kept for a while because reports overtake each other and repeat: a fill that was on its way when the
 *  cancel was confirmed still counts, and a fill that is told twice must be known to be the same. What ended longer
 *  ago is forgotten; a report about it is set aside for a person to see. */
import type { OrderState } from '@tideway/domain'
import { Decimal, formatIdentity, type Identity, type OrderIntended } from '@tideway/schemas'

/** How many ended orders are remembered per portfolio: at one order a second, the reports of the last minute. */
export const ENDED_KEPT = 64

export interface OrderRecord {
  /** The intent. */
  readonly id: Identity
  readonly intent: OrderIntended
  state: OrderState
  filled: Decimal
  /** Fills that have counted. */
  readonly tradeIds: string[]
}

export interface ExecutionState {
  readonly open: Map<string, OrderRecord>
  /** Oldest first. */
  readonly ended: Map<string, OrderRecord>
}

type SavedIntent = Omit<OrderIntended, 'quantity' | 'limitPrice'> & { quantity: string; limitPrice: string | null }
type SavedOrder = Omit<OrderRecord, 'intent' | 'filled'> & { readonly intent: SavedIntent; readonly filled: string }

export function noOrders(): ExecutionState {
  return { open: new Map(), ended: new Map() }
}

export function findOrder(state: ExecutionState, id: Identity): OrderRecord | undefined {
  const name = formatIdentity(id)
  return state.open.get(name) ?? state.ended.get(name)
}

/** Moves an order to those that ended and forgets the oldest of them. */
export function endOrder(state: ExecutionState, record: OrderRecord): void {
  const name = formatIdentity(record.id)
  state.open.delete(name)
  state.ended.set(name, record)
  for (const oldest of state.ended.keys()) {
    if (state.ended.size <= ENDED_KEPT) return
    state.ended.delete(oldest)
  }
}

export function saveOrders(state: ExecutionState): unknown {
  return { open: [...state.open.values()].map(saveOrder), ended: [...state.ended.values()].map(saveOrder) }
}

export function loadOrders(saved: unknown): ExecutionState {
  const { open, ended } = saved as { open: readonly SavedOrder[]; ended: readonly SavedOrder[] }
  const byName = (records: readonly SavedOrder[]) =>
    new Map(records.map(record => [formatIdentity(record.id), loadOrder(record)]))
  return { open: byName(open), ended: byName(ended) }
}

function saveOrder({ id, intent, state, filled, tradeIds }: OrderRecord): SavedOrder {
  const { quantity, limitPrice } = intent
  const saved = { ...intent, quantity: quantity.toString(), limitPrice: limitPrice?.toString() ?? null }
  return { id: { ...id }, intent: saved, state, filled: filled.toString(), tradeIds: [...tradeIds] }
}

function loadOrder({ id, intent, state, filled, tradeIds }: SavedOrder): OrderRecord {
  const quantity = new Decimal(intent.quantity)
  const limitPrice = intent.limitPrice === null ? null : new Decimal(intent.limitPrice)
  return {
    id,
    intent: { ...intent, quantity, limitPrice },
    state,
    filled: new Decimal(filled),
    tradeIds: [...tradeIds],
  }
}
