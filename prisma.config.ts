// What the Prisma CLI needs to know; run it as `node tools/prisma/prisma.mjs ...`, which works without a network.
import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5433/imprint' },
})
