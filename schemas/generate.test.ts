/** The generator at work on a copy of this folder. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AvroRecord, SchemaVersion } from './avro.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const generated = ['generated/events.ts', 'generated/versions.json'] as const

function aCopy() {
  const root = mkdtempSync(join(tmpdir(), 'tideway-schemas-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, 'schemas')
  cpSync(here, folder, { recursive: true, filter: path => !path.endsWith('.test.ts') })
  symlinkSync(join(here, '../node_modules'), join(root, 'node_modules'))
  const text = (path: string) => readFileSync(join(folder, path), 'utf8')
  return {
    text,
    versions: (topic: string) =>
      (JSON.parse(text('generated/versions.json')) as SchemaVersion[]).filter(each => each.topic === topic),
    generate: () => spawnSync(process.execPath, ['generate.ts'], { cwd: folder, encoding: 'utf8' }),
    edit(topic: string, change: (schema: AvroRecord) => void) {
      const schema = JSON.parse(text(`avro/${topic}.avsc`)) as AvroRecord
      change(schema)
      writeFileSync(join(folder, `avro/${topic}.avsc`), JSON.stringify(schema))
    },
  }
}

describe('npm run generate', () => {
  it('changes nothing in a tree that is up to date', () => {
    const copy = aCopy()
    expect(copy.generate()).toMatchObject({ status: 0 })
    for (const path of generated) expect(copy.text(path)).toBe(readFileSync(join(here, path), 'utf8'))
  })

  it('gives a changed schema the next version and the next id, and leaves the earlier one as it was', () => {
    const copy = aCopy()
    const before = copy.versions('ticks')
    copy.edit('ticks', schema => schema.fields.push({ name: 'venueNote', type: 'string', default: '' }))
    expect(copy.generate()).toMatchObject({ status: 0 })
    const after = copy.versions('ticks')
    expect(after.slice(0, -1)).toEqual(before)
    const all = JSON.parse(copy.text('generated/versions.json')) as SchemaVersion[]
    expect(after.at(-1)).toMatchObject({ version: before.length + 1, id: all.length })
  })

  it('refuses a change that old records could not be read under, and writes nothing', () => {
    const copy = aCopy()
    copy.edit('ticks', schema => schema.fields.push({ name: 'venueNote', type: 'string' }))
    const { status, stderr } = copy.generate()
    expect(status).not.toBe(0)
    expect(stderr).toContain('ticks.avsc is not BACKWARD compatible')
    for (const path of generated) expect(copy.text(path)).toBe(readFileSync(join(here, path), 'utf8'))
  })
})
