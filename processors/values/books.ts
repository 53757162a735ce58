/** The books of all symbols, folded from ticks: what risk measures by and the simulated venue matches against. They are
 *  asked for by key: their order in the Map means nothing. */
import { Book, loadBook, type SavedBook, saveBook } from '@tideway/quant'
import type { View } from '@tideway/schemas'

export const books: View<Map<string, Book>> = {
  name: 'books',
  version: 1,
  reads: ['ticks'],
  empty: () => new Map(),
  save: state => new Map([...state].map(([key, book]) => [key, saveBook(book)])),
  load: saved => new Map([...(saved as Map<string, SavedBook>)].map(([key, book]) => [key, loadBook(book)])),
  fold(state, event) {
    switch (event.type) {
      case 'QuoteChanged':
        bookOf(state, event.key).takeQuote(event.data)
        break
      case 'DepthChanged':
        bookOf(state, event.key).takeDepth(event.data)
        break
      case 'BookSnapshotted':
        bookOf(state, event.key).takeSnapshot(event.data)
        break
    }
  },
}

function bookOf(state: Map<string, Book>, key: string): Book {
  let book = state.get(key)
  if (!book) {
    book = new Book()
    state.set(key, book)
  }
  return book
}
