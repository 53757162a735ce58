/** BACKWARD compatibility as Confluent's registry means it: the new schema reads what the old one wrote. */
import avro from 'avsc'
import type { AvroRecord } from './avro.ts'

/** Why `reader` cannot read records of `writer`; undefined where it can. */
export function canRead(reader: AvroRecord, writer: AvroRecord): string | undefined {
  try {
    const type = avro.Type.forSchema(reader as avro.Schema, { wrapUnions: true })
    type.createResolver(avro.Type.forSchema(writer as avro.Schema, { wrapUnions: true }))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
