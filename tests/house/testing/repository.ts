/** The repository that these rules stand in. */
import { fileURLToPath } from 'node:url'
import { openTree } from '../tree.ts'

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url))

export const repository = openTree(repositoryRoot)
