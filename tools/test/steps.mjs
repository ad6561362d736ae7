// The table of checks that `npm test` runs, in order.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  countCheck,
  countFigures,
  countNodeTests,
  countPlaywright,
  countVitest,
  countWalls,
} from './counts.mjs'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The program of an installed package, run with this Node whatever PATH says. */
const program = (script, ...words) => [path.join(root, 'node_modules', script), ...words]

/** Named one by one: `node --test <directory>` would run every file of a directory that is called `test`. */
const testFilesBelow = (directory) =>
  readdirSync(path.join(root, directory), { recursive: true })
    .filter((name) => name.endsWith('.test.mjs') && !name.includes('node_modules'))
    .map((name) => path.join(root, directory, name))

const turbo = (...words) => program('turbo/bin/turbo', 'run', ...words, '--output-logs=errors-only')
const vitest = (report) =>
  program(
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--passWithNoTests=false',
  )

/**
 * One row a step: `words(report)` are Node's arguments, `count(result)` turns its end into numbers,
 * `minutes` is when it is given up; `needsBuild` and `browser` say what it cannot do without; `beside` marks steps that
 * run two at a time with their neighbours, since each keeps about one core busy and none measures time.
 */
export const steps = [
  { id: 'build', title: 'build of every package', words: () => turbo('build'), minutes: 8 },
  {
    id: 'types',
    beside: true,
    title: 'type check of every package',
    words: () => turbo('typecheck'),
    minutes: 6,
  },
  {
    id: 'lint',
    beside: true,
    title: 'ESLint without a warning',
    words: () => program('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
    minutes: 5,
  },
  {
    id: 'format',
    beside: true,
    title: 'Prettier finds nothing to change',
    words: () => program('prettier/bin/prettier.cjs', '--check', '.'),
    minutes: 3,
  },
  {
    id: 'walls',
    beside: true,
    title: 'which room may import which (dependency-cruiser)',
    words: () =>
      program(
        'dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        'packages',
        'apps',
        'e2e',
      ),
    count: countWalls,
    minutes: 4,
  },
  {
    id: 'drift',
    beside: true,
    needsBuild: true,
    title: 'committed schema, migrations and generated code are current',
    words: () => [path.join(root, 'tools/test/check-drift.mjs')],
    minutes: 4,
  },
  {
    id: 'tools',
    beside: true,
    title: 'tests of the start and test tools',
    words: () => ['--test', '--test-reporter=tap', ...testFilesBelow('tools')],
    count: countNodeTests,
    minutes: 3,
  },
  {
    id: 'web',
    beside: true,
    needsBuild: true,
    title: 'unit tests of the pages (apps/web)',
    cwd: 'apps/web',
    words: vitest,
    count: countVitest,
    minutes: 4,
  },
  {
    id: 'client',
    beside: true,
    needsBuild: true,
    title: 'unit tests of the TypeScript client (packages/client)',
    cwd: 'packages/client',
    words: vitest,
    count: countVitest,
    minutes: 2,
  },
  {
    id: 'scripts',
    beside: true,
    needsBuild: true,
    title: 'scripts, guides and examples against a running server (tools/docs)',
    words: () => [
      '--test',
      '--test-reporter=tap',
      ...['pages', 'deploy', 'scripts'].map((name) =>
        path.join(root, `tools/docs/${name}.check.mjs`),
      ),
    ],
    count: countNodeTests,
    minutes: 5,
  },
  {
    id: 'engine',
    needsBuild: true,
    title: 'unit and engine tests (packages/lens-engine)',
    cwd: 'packages/lens-engine',
    words: vitest,
    count: countVitest,
    minutes: 15,
  },
  {
    id: 'api',
    needsBuild: true,
    title: 'API on real PostgreSQL (apps/api)',
    cwd: 'apps/api',
    words: vitest,
    count: countVitest,
    minutes: 16,
  },
  {
    id: 'reliability',
    needsBuild: true,
    title: 'killed, frozen and cut off: real processes, in short (tools/reliability)',
    words: () => [path.join(root, 'tools/reliability/run.mjs'), '--small'],
    count: countFigures,
    minutes: 5,
  },
  {
    id: 'e2e',
    needsBuild: true,
    title: 'end to end in a real browser (e2e)',
    cwd: 'e2e',
    words: () => program('@playwright/test/cli.js', 'test', '--reporter=list,json'),
    count: countPlaywright,
    minutes: 30,
    browser: true,
  },
].map((step) => ({ count: countCheck, cwd: '.', browser: false, needsBuild: false, ...step }))

/** The steps of `--only`, with the build before them when one needs it; all steps when none is named. */
export function chooseSteps(only) {
  if (only.length === 0) return steps
  const named = steps.filter(({ id }) => only.includes(id))
  const build = named.some(({ needsBuild }) => needsBuild)
  return steps.filter(({ id }) => only.includes(id) || (build && id === 'build'))
}
