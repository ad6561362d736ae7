import { configDefaults, defineConfig } from 'vitest/config'
import type { TestProjectInlineConfiguration } from 'vitest/config'

const everyTest = ['src/**/*.test.ts']

/** Tests that change or measure the process they run in: each of these files has one to itself. */
const ownProcess = [
  'src/security/passwords.test.ts', // a counter in place of argon2
  'src/jobs/hub-import.test.ts', // environment variables
  'src/{jobs/{engine-health,large-models},features/evaluation/evaluation-progress}.test.ts', // the clock
  'src/{jobs/doorbell,database/lost-connections}.test.ts', // errors that nobody caught
  'src/observability/*.test.ts', // metrics and the event loop
  'src/security/{limits,slow,sockets}.test.ts', // memory
  'src/schema.test.ts', // what type-graphql has been told by the modules loaded so far
]

const project = (test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  // Under vite `graphql` would be loaded twice, once as ES and once as CommonJS ("another module or realm").
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Built already: Node loads it in a third of the time that a transformation of each of its files takes.
    server: { deps: { external: [/\/packages\/lens-engine\/dist\//] } },
    ...test,
  },
})

export default defineConfig({
  test: {
    globalSetup: ['src/testing/global-postgres.ts'],
    maxWorkers: 2,
    // To load the API takes longer than the tests of most files: so they share two processes that load it once.
    projects: [
      project({ name: 'own process', include: ownProcess }),
      project({
        name: 'shared process',
        include: everyTest,
        exclude: [...configDefaults.exclude, ...ownProcess],
        isolate: false,
        // After the others: a process is kept only while the next file is of this project too.
        sequence: { groupOrder: 1 },
      }),
    ],
  },
})
