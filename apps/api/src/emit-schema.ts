// Writes apps/api/schema.graphql: `npm run schema -w apps/api`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { printImprintSchema } from './schema.js'

const target = fileURLToPath(new URL('../schema.graphql', import.meta.url))
writeFileSync(target, printImprintSchema())
process.stdout.write(`Wrote ${target}\n`)
