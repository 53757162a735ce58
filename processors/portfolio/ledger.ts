/** What the portfolio has: cash, and a holding per symbol that it has ever traded. About 200 bytes a symbol. */
import { ZERO } from '@tideway/domain'
import { Decimal } from '@tideway/schemas'
import { loadPosition, type Position, type SavedPosition, savePosition } from './average-cost.ts'

export interface Ledger {
  opened: boolean
  cash: Decimal
  readonly positions: Map<string, Position>
  /** Values a holding while its book has an empty side. */
  readonly lastMids: Map<string, Decimal>
}

interface SavedLedger {
  readonly opened: boolean
  readonly cash: string
  readonly positions: readonly (readonly [string, SavedPosition])[]
  readonly lastMids: readonly (readonly [string, string])[]
}

export function emptyLedger(): Ledger {
  return { opened: false, cash: ZERO, positions: new Map(), lastMids: new Map() }
}

export function saveLedger({ opened, cash, positions, lastMids }: Ledger): SavedLedger {
  return {
    opened,
    cash: cash.toString(),
    positions: [...positions].map(([symbol, position]) => [symbol, savePosition(position)]),
    lastMids: [...lastMids].map(([symbol, mid]) => [symbol, mid.toString()]),
  }
}

export function loadLedger(saved: unknown): Ledger {
  const { opened, cash, positions, lastMids } = saved as SavedLedger
  return {
    opened,
    cash: new Decimal(cash),
    positions: new Map(positions.map(([symbol, position]) => [symbol, loadPosition(position)])),
    lastMids: new Map(lastMids.map(([symbol, mid]) => [symbol, new Decimal(mid)])),
  }
}
