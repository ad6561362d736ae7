// npm run test:real-model: fetches the model if it is not in the cache, then runs the tests that need it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function run(args, cwd, env = {}) {
  const { status } = spawnSync(process.execPath, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
}

run(['tools/real-model/fetch-smollm2.mjs'], root)
run(
  ['../../node_modules/vitest/vitest.mjs', 'run', 'src/lens/smollm2.real-model.test.ts'],
  `${root}/packages/lens-engine`,
  {
    IMPRINT_REAL_MODEL: '1',
  },
)
