// npm run fuzz [-- count [seed]]: damaged files for the readers of weights, configurations and tokenizers, 200,000 of each format when no count is given.
import { fuzzedFormats, fuzzReader, type FuzzReport } from '../testing/fuzz-readers.js'

const [count = 200_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)

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

for (const format of fuzzedFormats) {
  const start = performance.now()
  const report = fuzzReader(format, count, seed)
  process.stdout.write(`${describeReport(report, (performance.now() - start) / 1000)}\n`)
  if (report.crashes.size > 0 || report.slowestMilliseconds > 1000) process.exitCode = 1
}
