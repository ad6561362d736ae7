import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['features/**/*.test.{ts,tsx}', 'components/**/*.test.ts', 'graphql/**/*.test.ts'],
    environment: 'node',
  },
})
