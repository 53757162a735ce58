/** Features: the vector of numbers that strategies and models decide by.
 *
 *  In     ticks; the stage folds its own book, so that it can run apart from the book stage
 *  Out    features (FeaturesComputed)
 *  State  per symbol: the book and the windows of quant/features
 *
 *  Hot code: a tick costs the book's fold and a few comparisons; a vector is built only where it is emitted.
 *  F1  Values stand in the order of `featureNames`; NaN until warm.
 *  F2  Emitted at whole multiples of `everyMicros` of stamp time, where a tick has come since the last one; or on every
 *      tick, for measurements: a vector for each depth message is waste.
 *  F3  Whatever is emitted when, the windows are fed the same: a vector of the same time is the same. */
import { nextInterval } from '@tideway/domain'
import {
  advanceFeatures,
  Book,
  createFeatures,
  type Features,
  featureVector,
  foldBook,
  foldTrade,
  loadBook,
  type SavedBook,
  STEP_MICROS,
  saveBook,
} from '@tideway/quant'
import { type Stage, stage, type Turn } from '@tideway/schemas'
import { listed, type MarketViews } from '../market-views.ts'

export interface FeatureOptions {
  /** 100 ms where it is not said. */
  readonly everyMicros?: number
  /** A vector on every tick instead. */
  readonly everyTick?: boolean
}

interface FeatureState {
  readonly book: Book
  readonly features: Features
  /** Whether the next vector has been asked for. */
  asked: boolean
}

interface SavedState {
  readonly book: SavedBook
  readonly features: Features
  readonly asked: boolean
}

export function featureStage({
  everyMicros = STEP_MICROS,
  everyTick = false,
}: FeatureOptions = {}): Stage<FeatureState, MarketViews> {
  const emit = ({ book, features }: FeatureState, turn: Turn<MarketViews>): void => {
    turn.emit('features', 'FeaturesComputed', { values: featureVector(features, book) })
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

  return stage<FeatureState, MarketViews>({
    name: 'features',
    version: 1,
    reads: ['ticks'],
    writes: ['features'],
    empty: () => ({ book: new Book(), features: createFeatures(), asked: false }),
    save: ({ book, features, asked }) => ({ book: saveBook(book), features: structuredClone(features), asked }),
    load(saved) {
      const { book, features, asked } = saved as SavedState
      return { book: loadBook(book), features: structuredClone(features), asked }
    },
    on: {
      TradePrinted(state, { data }, turn) {
        begin(state, turn)
        foldTrade(state.features, data.priceTicks, data.sizeLots)
        end(state, turn)
      },
      QuoteChanged(state, { data }, turn) {
        begin(state, turn)
        state.book.takeQuote(data)
        foldBook(state.features, state.book)
        end(state, turn)
      },
      DepthChanged(state, { data }, turn) {
        begin(state, turn)
        state.book.takeDepth(data)
        foldBook(state.features, state.book)
        end(state, turn)
      },
      BookSnapshotted(state, { data }, turn) {
        begin(state, turn)
        state.book.takeSnapshot(data)
        foldBook(state.features, state.book)
        end(state, turn)
      },
    },
    wake(state, _tag, turn) {
      state.asked = false
      advanceFeatures(state.features, turn.time)
      emit(state, turn)
    },
  })
}
