/** The id under which a venue knows an order: `tw` and 192 bits of SHA-256 over log incarnation and order identity.
 *
 *  C1  One order has one client id, however often it is computed: a repeated send cannot become a second order.
 *  C2  Orders of two logs differ even where their identities agree: a wiped log does not meet its old orders.
 *  C3  At most 36 characters of [A-Za-z0-9_-]: what the strictest of the common venues takes. */
import { createHash } from 'node:crypto'
import type { Identity } from '@tideway/schemas'

const PREFIX = 'tw'
const DIGEST_BYTES = 24

/** Client order id of the intent with this identity, on the log with this incarnation. */
export function clientOrderId(incarnation: string, order: Identity): string {
  const digest = createHash('sha256')
    .update(lengthPrefixed(incarnation, order.topic, order.key, order.source, String(order.seq)))
    .digest()
  return PREFIX + digest.subarray(0, DIGEST_BYTES).toString('base64url')
}

/** Parts joined so that no two lists of parts give one text. */
function lengthPrefixed(...parts: readonly string[]): string {
  return parts.map(part => `${part.length}:${part}`).join('')
}
