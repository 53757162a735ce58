/** Every test of the repository: `npm test` runs all, `npm run test:unit` each room's own through turbo.
 *
 *  A project is a room; `tests` falls in two, because its house rules are quick and the rest of it is not. */
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const { workspaces } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  workspaces: readonly string[]
}

const project = (name: string, include: string, exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: [include], exclude: ['**/node_modules/**', ...exclude] },
})

const rooms = workspaces.filter(room => room !== 'tests').map(room => project(room, `${room}/**/*.test.ts`))
const house = project('house', 'tests/house/**/*.test.ts')
const tests = project('tests', 'tests/**/*.test.ts', ['tests/house/**'])

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [...rooms, house, tests],
  },
})
