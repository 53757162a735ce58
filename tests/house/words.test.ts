import { schemaOf, topicNames } from '@tideway/schemas'
import type { AvroRecord } from '@tideway/schemas/avro'
import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { repository } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'
import { checkCoverage, checkGlossary, titlesOf, wordsExplained } from './words.ts'

/** Every topic with the events that its schema lets it carry. */
const topics = topicNames.map(name => {
  const schema = schemaOf(name)
  const { fields } = JSON.parse(repository.text(`schemas/avro/${schema}.avsc`)) as AvroRecord
  const data = fields.find(field => field.name === 'data')?.type
  return { name, schema, events: Array.isArray(data) ? data.map(branch => (branch as AvroRecord).name) : [] }
})

describe('one word, one meaning', () => {
  it('every topic has a schema, and topics and events have their line in the glossary', () => {
    expect(checkGlossary(repository, topics).map(describeFinding)).toEqual([])
  })

  it('a topic without schema, and words without a line, are found', () => {
    const tree = treeOf({
      'schemas/avro/ticks.avsc': '{}',
      'docs/glossary.md': '| word | what it is |\n|---|---|\n| `ticks` | market data |\n| `TradePrinted` | |\n',
    })
    const asked = [
      { name: 'ticks', schema: 'ticks', events: ['TradePrinted'] },
      { name: 'books', schema: 'books', events: [] },
    ]
    expect(checkGlossary(tree, asked).map(each => each.problem)).toEqual([
      'books has none',
      "'TradePrinted' has no line",
      "'books' has no line",
    ])
  })

  it('no word of the glossary has two lines', () => {
    const words = repository
      .text('docs/glossary.md')
      .split('\n')
      .flatMap(line => [...wordsExplained(line)])
      .filter(word => !/^(-+|word|topic|event)$/.test(word))
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  })
})

describe('what docs/coverage.md claims', () => {
  it('is shown by a test that names it, row by row', () => {
    expect(checkCoverage(repository).map(describeFinding)).toEqual([])
  })

  it('is refused where no title names it: a comment or another string is not enough', () => {
    const tree = treeOf({
      'docs/coverage.md':
        '| ID | what |\n|---|---|\n| REL-02 | breakers |\n| REL-03 | retries |\n| MON-01 | metrics |\n',
      'resilience/retry.test.ts':
        "describe('retry [REL-03]', () => {})\nconst text = '[REL-02]' // [REL-02]\ntest.skipIf(false)('[MON-01]', () => {})",
    })
    expect(checkCoverage(tree).map(each => [each.line, each.problem])).toEqual([[3, "no test's title names [REL-02]"]])
  })

  it('reads titles of describe, it and test in every form', () => {
    const text = "describe('a', () => { it(`b`, f); test.each([1])('c', f); it.skipIf(x)('d', f) }); other('e')"
    expect(titlesOf(treeOf({ 'quant/a.test.ts': text }), 'quant/a.test.ts')).toEqual(['a', 'b', 'c', 'd'])
  })
})
