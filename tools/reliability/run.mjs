// `npm run test:reliability`: does what happens to programs in the worst week of a year, and counts what is left.
import { chosenScenarios, help, readOptions } from './options.mjs'
import { hasPassed, linesOf, writeResults } from './report.mjs'
import { openStage } from './stage/stage.mjs'

const say = (line) => process.stdout.write(`${line}\n`)

async function runScenario(stage, { id, title, size, run }) {
  const started = Date.now()
  const outcome = await run(stage, size).then(
    (checks) => ({ checks, error: null }),
    (error) => ({ checks: [], error: `${error.stack ?? error}\n${stage.lastWords()}` }),
  )
  return { id, title, size, seconds: (Date.now() - started) / 1000, ...outcome }
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return say(help)
  if (process.platform !== 'linux') return say('SKIP needs Linux: it freezes and finds processes')
  const stage = await openStage({ shared: options.small })
  // PostgreSQL is in a process group of its own and would stay.
  const abandon = () => void stage.close().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, abandon)
  const results = []
  try {
    for (const scenario of chosenScenarios(options)) {
      const result = await runScenario(stage, scenario)
      results.push(result)
      linesOf(result).forEach(say)
      if (options.json !== null) writeResults(options.json, results)
    }
  } finally {
    await stage.close()
  }
  const failed = results.filter((result) => !hasPassed(result)).length
  say(failed === 0 ? `${results.length} scenarios passed` : `${failed} of ${results.length} FAILED`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 2
})
