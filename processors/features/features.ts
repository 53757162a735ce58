/** Features: the vector of numbers that strategies and models decide by.
 *
 *  In     ticks; the stage folds its own book, so that it can run apart from the book stage
 *  Out    features (FeaturesComputed) at whole multiples of 100 ms of stamp time, where something has come; or on every
 *         tick, for benchmarks
 *  State  per symbol: the book and the running sums of quant/features
 *  F1  Values stand in the order of `featureNames`; NaN until warm. */
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
  /** A vector on every tick instead of every 100 ms. */
  readonly everyTick?: boolean
}

interface FeatureState {
  readonly book: Book
  readonly features: Features
  asked: boolean
}

export function featureStage({ everyTick = false }: FeatureOptions = {}): Stage<FeatureState, MarketViews> {
  function emit({ book, features }: FeatureState, turn: Turn<MarketViews>): void {
    turn.emit('features', 'FeaturesComputed', { values: featureVector(features, book) })
  }
  function ends(state: FeatureState, turn: Turn<MarketViews>): void {
    if (everyTick) {
      emit(state, turn)
      return
    }
    if (state.asked) return
    listed(turn)
    state.asked = true
    turn.wakeAt(nextInterval(turn.time, STEP_MICROS), 'step')
  }
  return stage<FeatureState, MarketViews>({
    name: 'features',
    version: 1,
    reads: ['ticks'],
    writes: ['features'],
    empty: () => ({ book: new Book(), features: createFeatures(), asked: false }),
    save: ({ book, features, asked }) => ({ book: saveBook(book), features, asked }),
    load(saved) {
      const { book, features, asked } = structuredClone(saved) as Omit<FeatureState, 'book'> & { book: SavedBook }
      return { book: loadBook(book), features, asked }
    },
    on: {
      TradePrinted(state, { data }, turn) {
        advanceFeatures(state.features, turn.time)
        foldTrade(state.features, data.priceTicks, data.sizeLots)
        ends(state, turn)
      },
      QuoteChanged(state, { data }, turn) {
        advanceFeatures(state.features, turn.time)
        state.book.takeQuote(data)
        foldBook(state.features, state.book)
        ends(state, turn)
      },
      DepthChanged(state, { data }, turn) {
        advanceFeatures(state.features, turn.time)
        state.book.takeDepth(data)
        foldBook(state.features, state.book)
        ends(state, turn)
      },
      BookSnapshotted(state, { data }, turn) {
        advanceFeatures(state.features, turn.time)
        state.book.takeSnapshot(data)
        foldBook(state.features, state.book)
        ends(state, turn)
      },
    },
    wake(state, _tag, turn) {
      state.asked = false
      advanceFeatures(state.features, turn.time)
      emit(state, turn)
    },
  })
}
