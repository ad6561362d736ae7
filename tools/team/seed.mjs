// Fills a project with a made-up team's notes: `DATABASE_URL=… npm run seed:team [-- --neurons 10000 --annotations 50000
// --comments 50000 --seed 1 --project <slug>]`. The same seed again adds nothing.
import { createRequire } from 'node:module'
import { readCounts } from './counts.mjs'
import { seedNotes } from './seed-notes.mjs'

const pg = createRequire(new URL('../../apps/api/package.json', import.meta.url))('pg')

async function target(client, slug) {
  const { rows } = await client.query(
    `SELECT p.id AS "projectId", p.team_id AS "teamId",
       (SELECT m.user_id FROM membership m WHERE m.team_id = p.team_id AND m.role = 'ADMIN' ORDER BY m.user_id LIMIT 1) AS "userId",
       (SELECT jsonb_build_object('id', o.id, 'layers', o.layers, 'inner', 4 * o.width) FROM model o WHERE o.project_id = p.id ORDER BY o.layers * o.width DESC LIMIT 1) AS "model"
     FROM project p WHERE $1::text IS NULL OR p.slug = $1 ORDER BY p.created_at LIMIT 1`,
    [slug ?? null],
  )
  if (rows[0] === undefined)
    throw new Error(`There is no project ${slug ?? 'yet'}: start Imprint once.`)
  if (rows[0].model === null)
    throw new Error('The project has no model: add one, or start Imprint once.')
  if (rows[0].userId === null) throw new Error('The project’s team has no admin: set it up first.')
  return rows[0]
}

const { counts, seed, values } = readCounts(process.argv.slice(2), { project: { type: 'string' } })
const url = process.env['DATABASE_URL']
if (!url) throw new Error('Name the database: DATABASE_URL=postgresql://… npm run seed:team')
const client = new pg.Client({ connectionString: url })
await client.connect()
try {
  const began = performance.now()
  const written = await seedNotes(client, {
    ...(await target(client, values.project)),
    counts,
    seed,
  })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  process.stdout.write(
    `${Object.entries(written)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')} in ${seconds} s\n`,
  )
} finally {
  await client.end()
}
