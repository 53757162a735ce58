/** Writes generated/events.ts (types) and generated/versions.json (schema ids) from avro/*.avsc.
 *  A changed schema becomes a new version and takes the next id; a version once written is never edited, because
 *  records that carry its id are in somebody's log. Refuses a change that an old record could not be read under. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AvroRecord, AvroType, SchemaVersion } from './avro.ts'
import { canRead } from './compatibility.ts'

const here = new URL('.', import.meta.url)
const schemaFiles = readdirSync(new URL('avro/', here))
  .filter(name => name.endsWith('.avsc'))
  .sort()
const schemas = schemaFiles.map(name => ({
  topic: name.slice(0, -'.avsc'.length),
  schema: JSON.parse(readFileSync(new URL(`avro/${name}`, here), 'utf8')) as AvroRecord,
}))

writeFileSync(new URL('generated/versions.json', here), `${JSON.stringify(nextVersions(), null, 1)}\n`)
writeFileSync(new URL('generated/events.ts', here), types())

function nextVersions(): SchemaVersion[] {
  const path = new URL('generated/versions.json', here)
  const versions = JSON.parse(readFileSync(path, 'utf8')) as SchemaVersion[]
  for (const { topic, schema } of schemas) {
    const earlier = versions.filter(each => each.topic === topic)
    const newest = earlier.at(-1)
    if (newest && JSON.stringify(newest.schema) === JSON.stringify(schema)) continue
    const problem = newest && canRead(schema, newest.schema)
    if (problem)
      throw new Error(
        `${topic}.avsc is not BACKWARD compatible: ${problem}. Give a new field a default, or add a new event beside the old one.`,
      )
    const id = Math.max(0, ...versions.map(each => each.id)) + 1
    versions.push({ id, topic, version: (newest?.version ?? 0) + 1, schema })
  }
  return versions
}

function types(): string {
  const named = new Map<string, string>()
  const topicLines: string[] = []
  const eventLines: string[] = []
  for (const { topic, schema } of schemas) {
    const data = schema.fields.find(field => field.name === 'data')
    for (const field of schema.fields) tsType(field.type, named)
    if (!data || !Array.isArray(data.type)) {
      tsType(schema, named)
      continue
    }
    const events = data.type.map(branch => (branch as AvroRecord).name)
    for (const event of events) eventLines.push(`  '${topic}/${event}': ${event}`)
    topicLines.push(`  '${topic}': ${events.map(event => `'${event}'`).join(' | ')}`)
  }
  return `/** Generated from schemas/avro by \`npm run generate\`. Do not edit. */
import type { Decimal } from '../decimal.ts'

${[...named.values()].join('\n\n')}

/** The events of each topic. */
export interface EventsOf {
${topicLines.join('\n')}
}

/** The data of each event of each topic. */
export interface DataOf {
${eventLines.join('\n')}
}
`
}

function tsType(type: AvroType, named: Map<string, string>): string {
  if (typeof type === 'string') return primitive(type)
  if (Array.isArray(type)) return type.map(branch => tsType(branch, named)).join(' | ')
  switch (type.type) {
    case 'array': {
      const item = tsType(type.items, named)
      return item.includes('|') ? `readonly (${item})[]` : `readonly ${item}[]`
    }
    case 'map':
      return `Readonly<Record<string, ${tsType(type.values, named)}>>`
    case 'enum': {
      const line = `export type ${type.name} = ${type.symbols.map(symbol => `'${symbol}'`).join(' | ')}`
      return keep(type.name, line, named)
    }
    case 'record': {
      const fields = type.fields.map(field => {
        const doc = field.doc ? `  /** ${field.doc} */\n` : ''
        return `${doc}  readonly ${field.name}: ${tsType(field.type, named)}`
      })
      const doc = type.doc ? `/** ${type.doc}. */\n` : ''
      return keep(type.name, `${doc}export interface ${type.name} {\n${fields.join('\n')}\n}`, named)
    }
    case 'bytes':
      return type.logicalType === 'decimal' ? 'Decimal' : 'Uint8Array'
  }
}

/** One name, one shape: two schemas may repeat a definition, never change it. */
function keep(name: string, text: string, named: Map<string, string>): string {
  const known = named.get(name)
  if (known !== undefined && known !== text) throw new Error(`${name} is defined twice, differently`)
  named.set(name, text)
  return name
}

function primitive(name: string): string {
  const known: Record<string, string> = {
    string: 'string',
    long: 'number',
    int: 'number',
    double: 'number',
    boolean: 'boolean',
    null: 'null',
    bytes: 'Uint8Array',
  }
  return known[name] ?? name
}
