/** The part of Avro's schema language that Tideway's schemas use. */
export type AvroType = string | AvroType[] | AvroRecord | AvroEnum | AvroArray | AvroMap | AvroBytes

export interface AvroRecord {
  type: 'record'
  name: string
  doc?: string
  fields: AvroField[]
}
export interface AvroField {
  name: string
  type: AvroType
  doc?: string
  default?: unknown
}
export interface AvroEnum {
  type: 'enum'
  name: string
  symbols: string[]
}
export interface AvroArray {
  type: 'array'
  items: AvroType
}
export interface AvroMap {
  type: 'map'
  values: AvroType
}
export interface AvroBytes {
  type: 'bytes'
  logicalType?: 'decimal'
  precision?: number
  scale?: number
}

/** A schema as it was registered: the id stands in every record's frame. */
export interface SchemaVersion {
  id: number
  topic: string
  version: number
  schema: AvroRecord
}
