import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Every folder: a new one must not go untested because nobody listed it.
    include: ['**/*.test.{ts,tsx}'],
    environment: 'node',
  },
})
