import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Under vite `graphql` would be loaded twice, once as ES and once as CommonJS ("another module or realm").
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/testing/global-postgres.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Built already: Node loads it in a third of the time that a transformation of each of its files takes.
    server: { deps: { external: [/\/packages\/lens-engine\/dist\//] } },
  },
})
