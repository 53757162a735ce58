import { describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { checkNames, checkSizes } from './names.ts'
import { repository } from './testing/repository.ts'
import { treeOf } from './testing/tree-of.ts'

const wordsFound = (files: Record<string, string>) => checkNames(treeOf(files)).map(each => each.problem)

describe('names', () => {
  it('say what things are, in this repository', () => {
    expect(checkNames(repository).map(describeFinding)).toEqual([])
  })

  it.each([
    ['streams/utils/text.ts', 'utils'],
    ['domain/order-helpers.ts', 'helpers'],
    ['quant/common.ts', 'common'],
    ['stack/misc.ts', 'misc'],
    ['streams/task/TaskManager.ts', 'manager'],
    ['connectors/news-service.ts', 'service'],
  ])('refuse the file %s', (path, word) => {
    expect(wordsFound({ [path]: '' })).toEqual([`${path} is named '${word}'`])
  })

  it('refuse what is exported under such a word, and tell its line', () => {
    const tree = treeOf({
      'streams/task.ts': 'const inner = 1\nexport class TaskManager {}\nexport const commonSense = inner',
    })
    expect(checkNames(tree).map(({ line, problem }) => [line, problem])).toEqual([
      [2, "TaskManager is named 'manager'"],
      [3, "commonSense is named 'common'"],
    ])
  })

  it('take no word for another that holds it', () => {
    expect(wordsFound({ 'quant/commonality.ts': 'export const servicing = 1' })).toEqual([])
  })

  it('refuse a file that does not parse (N3)', () => {
    expect(wordsFound({ 'quant/broken.ts': 'export const = 1' })).not.toEqual([])
  })
})

describe('sizes', () => {
  it('hold in this repository: no file of more than 400 lines', () => {
    expect(checkSizes(repository).map(describeFinding)).toEqual([])
  })

  it('refuse the line that is one too many, and leave out what is generated', () => {
    const lines = (n: number) => '//\n'.repeat(n)
    const tree = treeOf({
      'quant/long.ts': lines(401),
      'quant/just.ts': lines(400),
      'schemas/generated/events.ts': lines(4000),
    })
    expect(checkSizes(tree).map(each => each.problem)).toEqual(['quant/long.ts has 401 lines'])
  })
})
