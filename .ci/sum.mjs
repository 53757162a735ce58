/** Adds up vitest's JSON reports and prints one line, `N passed, N failed`; ends with 1 where anything failed.
 *
 *  A suite that could not be loaded has no tests to count and counts as one failure; so does a report that is missing
 *  or that says it was no success, and each `--failed STEP`.
 *
 *  usage: node .ci/sum.mjs REPORT.json... [--failed STEP]...
 *  Plain JavaScript, because it also runs where nothing could be installed. */
import { existsSync, readFileSync } from 'node:fs'

const args = process.argv.slice(2)
const steps = args.filter((_, index) => args[index - 1] === '--failed')
const reports = args.filter((arg, index) => arg !== '--failed' && args[index - 1] !== '--failed')

let passed = 0
let failed = 0
for (const path of reports) {
  const sum = existsSync(path) ? sumOf(JSON.parse(readFileSync(path, 'utf8'))) : missing(path)
  passed += sum.passed
  failed += sum.failed
}
for (const step of steps) {
  if (step === 'test' && failed > 0) continue // its failures are counted one by one
  console.error(`failed: ${step}`)
  failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function sumOf({ numPassedTests, numFailedTests, success, testResults }) {
  const unloaded = testResults.filter(suite => suite.status === 'failed' && suite.assertionResults.length === 0)
  for (const { name, message } of unloaded) console.error(`not loaded: ${name}: ${message}`)
  const failures = numFailedTests + unloaded.length
  return { passed: numPassedTests, failed: success ? failures : Math.max(failures, 1) }
}

function missing(path) {
  if (steps.length === 0) console.error(`no report: ${path}`)
  return { passed: 0, failed: steps.length === 0 ? 1 : 0 }
}
