#!/usr/bin/env node
// `npm test`: from a fresh clone to one summary. Installs, finds a browser, runs every check to the end, and counts.
import { checkNodeVersion } from '../setup/node-version.mjs'

checkNodeVersion()
const { readArguments, usage } = await import('./arguments.mjs')
const { runAll } = await import('./run-all.mjs')

try {
  const options = readArguments(process.argv.slice(2))
  if (options.help) console.log(usage())
  else process.exitCode = await runAll(options)
} catch (error) {
  console.error(error.name === 'UsageError' ? `${error.message}\n\n${usage()}` : error)
  process.exitCode = error.name === 'UsageError' ? 2 : 1
}
