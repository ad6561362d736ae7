// npm run fuzz [-- count [seed]]: damaged files for the readers of weights, configurations, tokenizers (200,000 of each format when no count is given) and data sets (50,000).
import { fuzzDatasets } from '../testing/fuzz-datasets.js'
import { fuzzedFormats, fuzzReader, type FuzzReport } from '../testing/fuzz-readers.js'

const [given, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)

function describeReport(report: FuzzReport, seconds: number): string {
  const crashes = [...report.crashes.keys()].slice(0, 5)
  const refused = [...report.refused].sort((a, b) => b[1] - a[1])
  return [
    `${report.format}: ${report.count} files of seed ${report.seed} in ${seconds.toFixed(1)} s`,
    `  read ${report.accepted}, crashes ${report.crashes.size}, slowest ${report.slowestMilliseconds.toFixed(1)} ms`,
    `  refused: ${refused.map(([reason, times]) => `${reason} ${times}`).join(', ')}`,
    ...crashes.map((crash) => `  CRASH ${crash}`),
  ].join('\n')
}

async function run(fuzz: () => FuzzReport | Promise<FuzzReport>): Promise<void> {
  const start = performance.now()
  const report = await fuzz()
  process.stdout.write(`${describeReport(report, (performance.now() - start) / 1000)}\n`)
  if (report.crashes.size > 0 || report.slowestMilliseconds > 1000) process.exitCode = 1
}

for (const format of fuzzedFormats) await run(() => fuzzReader(format, given ?? 200_000, seed))
await run(() => fuzzDatasets(given ?? 50_000, seed))
