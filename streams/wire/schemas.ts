/** Avro types of the checked-in schema versions, by topic (to write) and by id (to read).
 *  A record written under an older version is read through a resolver into the newest one. */
import { Decimal, MONEY_SCALE } from '@tideway/schemas'
import type { SchemaVersion } from '@tideway/schemas/avro'
import versionsJson from '@tideway/schemas/versions' with { type: 'json' }
import avro from 'avsc'
import type { Branch } from './input-event.ts'

const versions = versionsJson as unknown as readonly SchemaVersion[]

/** Avro `decimal`: the unscaled value as big-endian two's complement, in as few bytes as hold it. */
class DecimalType extends avro.types.LogicalType {
  protected override _fromValue(bytes: Buffer): Decimal {
    return new Decimal(unscaledOf(bytes).toString()).div(SCALE)
  }
  protected override _toValue(value: unknown): Buffer {
    if (!(value instanceof Decimal)) throw new TypeError(`${String(value)} is no Decimal`)
    const unscaled = value.times(SCALE)
    if (!unscaled.isInteger())
      throw new RangeError(`${value} has more than ${MONEY_SCALE} decimals: round it where it is made`)
    return twosComplement(BigInt(unscaled.toFixed(0)))
  }
}

const SCALE = new Decimal(10).pow(MONEY_SCALE)

function unscaledOf(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
}

function twosComplement(value: bigint): Buffer {
  let size = 1
  while (BigInt.asIntN(size * 8, value) !== value) size++
  const digits = BigInt.asUintN(size * 8, value).toString(16)
  return Buffer.from(digits.padStart(size * 2, '0'), 'hex')
}

type Resolver = ReturnType<avro.Type['createResolver']>

/** A union of events is told apart by name even where it has one branch so far; a nullable value stays bare. */
function typeOf(schema: SchemaVersion['schema']): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, {
    logicalTypes: { decimal: DecimalType },
    typeHook: (part, options) =>
      Array.isArray(part) && !part.includes('null') ? new avro.types.WrappedUnionType(part, options) : undefined,
  })
}

interface Writer {
  readonly id: number
  readonly type: avro.Type
}

const writers = new Map<string, Writer>()
export interface Reader {
  readonly topic: string
  readonly type: avro.Type
  /** For records of an older version. */
  readonly resolver: Resolver | undefined
  /** The events of the topic, in the order of the union; empty for what holds none. */
  readonly branches: readonly Branch[]
}

const readers = new Map<number, Reader>()

for (const version of versions) {
  const type = typeOf(version.schema)
  writers.set(version.topic, { id: version.id, type })
}
for (const version of versions) {
  const newest = writers.get(version.topic)
  if (!newest) continue
  const older = version.id === newest.id ? undefined : typeOf(version.schema)
  readers.set(version.id, {
    topic: version.topic,
    type: newest.type,
    resolver: older && newest.type.createResolver(older),
    branches: branchesOf(newest.type),
  })
}

function branchesOf(type: avro.Type): readonly Branch[] {
  const data = (type as avro.types.RecordType).fields.find(field => field.name === 'data')?.type
  if (!(data instanceof avro.types.WrappedUnionType)) return []
  return data.types.map(branch => ({ type: branch.name ?? '', data: branch }))
}

/** The newest schema of a topic. */
export function writerOf(schema: string): Writer {
  const writer = writers.get(schema)
  if (!writer)
    throw new RangeError(`no schema for ${schema}: add schemas/avro/${schema}.avsc and run \`npm run generate\``)
  return writer
}

/** What reads records of a schema id; undefined for an id that this build does not know. */
export function readerOf(id: number): Reader | undefined {
  return readers.get(id)
}
