/** A strategy at work on one symbol of one portfolio: what it remembers and what was last said for it. */
import { Decimal, formatIdentity, type Identity, type Side } from '@tideway/schemas'
import type { Move } from './decision.ts'
import type { Holding } from './definition.ts'

export interface Assignment {
  readonly strategy: string
  readonly symbol: string
  parameters: Readonly<Record<string, number>>
  /** The strategy's own. */
  own: unknown
  /** Its open order, as text; empty when there is none. */
  working: string
  /** The side of that order. */
  workingSide: Side
  /** What it wants; empty when it wants nothing. */
  wish: Move | ''
  /** What was last said about this wish: `TAKEN`, or why it was not. */
  said: string
  /** UTC microseconds; 0 for never. */
  takenTime: number
  notTakenTime: number
}

export interface Held extends Holding {
  readonly exact: Decimal
}

/** State of the stage: per portfolio. About 300 bytes and the strategy's own state per assignment. */
export interface StrategyState {
  /** In the order of the configuration. */
  assignments: Assignment[]
  /** The same, by symbol; follows from `assignments`. */
  bySymbol: Map<string, Assignment[]>
  holdings: Map<string, Held>
}

interface SavedStrategies {
  readonly assignments: readonly Assignment[]
  readonly holdings: readonly (readonly [symbol: string, quantity: string, averagePrice: number])[]
}

export const FLAT: Held = { quantity: 0, averagePrice: 0, exact: new Decimal(0) }

export function noStrategies(): StrategyState {
  return { assignments: [], bySymbol: new Map(), holdings: new Map() }
}

export function newAssignment(strategy: string, symbol: string, own: unknown): Assignment {
  return {
    strategy,
    symbol,
    parameters: {},
    own,
    working: '',
    workingSide: 'buy',
    wish: '',
    said: '',
    takenTime: 0,
    notTakenTime: 0,
  }
}

/** Puts the assignments to work, in this order. */
export function assign(state: StrategyState, assignments: Assignment[]): void {
  state.assignments = assignments
  state.bySymbol = new Map()
  for (const one of assignments) state.bySymbol.set(one.symbol, [...(state.bySymbol.get(one.symbol) ?? []), one])
}

export function workingOn(state: StrategyState, order: Identity): Assignment | undefined {
  const name = formatIdentity(order)
  return state.assignments.find(one => one.working === name)
}

export function saveStrategies(state: StrategyState): SavedStrategies {
  return {
    assignments: state.assignments.map(one => ({ ...one, own: structuredClone(one.own) })),
    holdings: [...state.holdings].map(([symbol, held]) => [symbol, held.exact.toString(), held.averagePrice]),
  }
}

export function loadStrategies(saved: unknown): StrategyState {
  const { assignments, holdings } = saved as SavedStrategies
  const state = noStrategies()
  assign(
    state,
    assignments.map(one => ({ ...one, own: structuredClone(one.own) })),
  )
  for (const [symbol, quantity, averagePrice] of holdings) {
    const exact = new Decimal(quantity)
    state.holdings.set(symbol, { quantity: exact.toNumber(), averagePrice, exact })
  }
  return state
}
