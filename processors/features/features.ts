/** Features: the vector of numbers that strategies and models decide by.
 *
 *  In     ticks; the books as a view, which every task folds for itself
 *  Out    features (FeaturesComputed)
 *  State  per symbol: the windows of quant/features; the book is a view
 *
 *  Hot code: a tick costs a few comparisons; a vector is built only where it is emitted.
 *  F1  Values stand in the order of `featureNames`; NaN until warm.
 *  F2  Emitted at whole multiples of `everyMicros` of stamp time, where a tick has come since the last one; or on every
 *      tick, for measurements: a vector for each depth message is waste.
 *  F3  Whatever is emitted when, the windows are fed the same: a vector of the same time is the same. */
import { nextInterval } from '@tideway/domain'
import {
  advanceFeatures,
  createFeatures,
  type Features,
  featureVector,
  foldBook,
  foldTrade,
  STEP_MICROS,
} from '@tideway/quant'
import { type Stage, stage, type Turn } from '@tideway/schemas'
import { bookOf, listed, type MarketViews } from '../market-views.ts'

export interface FeatureOptions {
  /** 100 ms where it is not said. */
  readonly everyMicros?: number
  /** A vector on every tick instead. */
  readonly everyTick?: boolean
}

interface FeatureState {
  readonly features: Features
  /** Whether the next vector has been asked for. */
  asked: boolean
}

export function featureStage({
  everyMicros = STEP_MICROS,
  everyTick = false,
}: FeatureOptions = {}): Stage<FeatureState, MarketViews> {
  const emit = ({ features }: FeatureState, turn: Turn<MarketViews>): void => {
    turn.emit('features', 'FeaturesComputed', { values: featureVector(features, bookOf(turn)) })
  }
  const begin = (state: FeatureState, turn: Turn<MarketViews>): void => {
    advanceFeatures(state.features, turn.time)
    if (state.asked) return
    listed(turn)
    if (everyTick) return
    state.asked = true
    turn.wakeAt(nextInterval(turn.time, everyMicros), 'vector')
  }
  const end = (state: FeatureState, turn: Turn<MarketViews>): void => {
    if (everyTick) emit(state, turn)
  }

  const noteBook = (state: FeatureState, _event: unknown, turn: Turn<MarketViews>): void => {
    begin(state, turn)
    foldBook(state.features, bookOf(turn))
    end(state, turn)
  }

  return stage<FeatureState, MarketViews>({
    name: 'features',
    version: 1,
    reads: ['ticks'],
    writes: ['features'],
    empty: () => ({ features: createFeatures(), asked: false }),
    save: ({ features, asked }) => ({ features: structuredClone(features), asked }),
    load(saved) {
      const { features, asked } = saved as FeatureState
      return { features: structuredClone(features), asked }
    },
    on: {
      TradePrinted(state, { data }, turn) {
        begin(state, turn)
        foldTrade(state.features, data.priceTicks, data.sizeLots)
        end(state, turn)
      },
      QuoteChanged: noteBook,
      DepthChanged: noteBook,
      BookSnapshotted: noteBook,
    },
    wake(state, _tag, turn) {
      state.asked = false
      advanceFeatures(state.features, turn.time)
      emit(state, turn)
    },
  })
}
