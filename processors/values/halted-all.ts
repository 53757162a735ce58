/** The kill switch of all portfolios: what the last `HaltTrading` or `ResumeTrading` with key `*` said. */
import type { View } from '@tideway/schemas'
import type { HaltedAll } from '../trading-views.ts'

/** Key of a command that concerns every portfolio. */
export const ALL_PORTFOLIOS = '*'

export const haltedAll: View<{ -readonly [K in keyof HaltedAll]: HaltedAll[K] }> = {
  name: 'haltedAll',
  version: 1,
  reads: ['commands'],
  empty: () => ({ halted: false, reason: '' }),
  fold(state, event) {
    if (event.key !== ALL_PORTFOLIOS) return
    if (event.type === 'HaltTrading') {
      state.halted = true
      state.reason = event.data.reason
    } else if (event.type === 'ResumeTrading') {
      state.halted = false
      state.reason = event.data.reason
    }
  },
  save: state => ({ halted: state.halted, reason: state.reason }),
  load: saved => ({ ...(saved as HaltedAll) }),
}
