// Fills a throw-away PostgreSQL with the token search of so many cells: runs of three models, tokens as Zipf's law has them.

/** Cells of one run: layers x matrices x positions. */
const shape = { layers: 12, positions: 10 }
const matrices = [
  'ATTENTION_QUERY',
  'ATTENTION_KEY',
  'ATTENTION_VALUE',
  'ATTENTION_OUTPUT',
  'MLP_UP',
  'MLP_DOWN',
]
const cellsOfRun = shape.layers * matrices.length * shape.positions
/** Either end of a cell, three tokens each. */
export const hitsOfCell = 6
const models = 3
const months = 6
const vocabulary = 50_257
const runsAtOnce = 200

/** @returns the ids of the models, the layers and tokens there are, and how many rows of each kind */
export async function fill(client, { cells, report }) {
  const runs = Math.ceil(cells / cellsOfRun)
  await client.query('SET synchronous_commit = off')
  await client.query('SELECT setseed(0.5)')
  const modelIds = await insertModels(client)
  await client.query('DROP INDEX search.token_hit_search_idx')
  await client.query('DROP INDEX search.token_hit_run_idx')
  for (let month = 0; month <= months; month++)
    await client.query(
      `SELECT search.ensure_token_hit_month(now() - make_interval(months => $1))`,
      [month],
    )
  for (let first = 0; first < runs; first += runsAtOnce) {
    await insertRuns(client, first, Math.min(runs, first + runsAtOnce), runs)
    report(`${Math.min(runs, first + runsAtOnce)} of ${runs} runs`)
  }
  report('indexes')
  await client.query(`SET maintenance_work_mem = '1GB'`)
  await client.query(`CREATE INDEX token_hit_search_idx ON search.token_hit
    (model_key, token_id, run_id, layer, matrix, position, at_top, place)`)
  await client.query('CREATE INDEX token_hit_run_idx ON search.token_hit (run_id)')
  await client.query('VACUUM ANALYZE search.token_hit')
  return { modelIds, runs, hits: runs * cellsOfRun * hitsOfCell, ...shape }
}

async function insertModels(client) {
  await client.query(
    `INSERT INTO team (id, slug, name) VALUES (gen_random_uuid(), 'scaling', 'Scaling')`,
  )
  await client.query(
    `INSERT INTO project (id, team_id, slug, name) SELECT gen_random_uuid(), id, 'scaling', 'Scaling' FROM team`,
  )
  await client.query(
    `INSERT INTO user_account (id, handle, name) VALUES (gen_random_uuid(), 'scaling', 'Scaling')`,
  )
  const { rows } = await client.query(
    `INSERT INTO model (id, project_id, name, source, directory, family, layers, width, heads, context_length, vocabulary_size,
       parameters, bytes, dtype, digest, matrices, has_tokenizer)
     SELECT gen_random_uuid(), p.id, 'model ' || m, '', '', 'gpt2', $1, 768, 12, 1024, $2, 1, 1, 'f32', 'd' || m, '{}', true
     FROM project p, generate_series(1, $3) m RETURNING id`,
    [shape.layers, vocabulary, models],
  )
  return rows.map(({ id }) => id)
}

/** Ids of runs begin with their time, as those of version 7 do; eight of ten runs are of the first model. */
async function insertRuns(client, first, end, all) {
  await client.query(
    `WITH runs AS (
       INSERT INTO lens_run (id, project_id, author_id, model_id, prompt_ids, target_ids, target_mode, lens, top_k, matrices,
         config_digest, state, created_at)
       SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(r::text), 1, 3) || '8'
           || substr(md5('x' || r), 1, 15))::uuid, p.id, u.id, m.id, '{}', '{}', 'FIRST', 'NORMALIZED', 10, '{}', '', 'DONE', at
       FROM generate_series($1::int, $2::int - 1) r
         CROSS JOIN LATERAL (SELECT now() - make_interval(secs => ($3::int - r) * ${months} * 2592000.0 / $3::int) AS at) t
         CROSS JOIN LATERAL (SELECT CASE WHEN r % 10 < 8 THEN 1 ELSE 2 + r % 2 END AS which) w
         JOIN model m ON m.search_key = (SELECT min(search_key) FROM model) + w.which - 1
         CROSS JOIN project p CROSS JOIN user_account u
       RETURNING id, model_id, created_at
     )
     INSERT INTO search.token_hit (model_key, token_id, layer, matrix, factor, run_id, position, at_top, place, created_at)
     SELECT m.search_key, floor(power(${vocabulary}, random()))::int - 1, l, x.matrix, 'VJP', r.id, p, e, n, r.created_at
     FROM runs r JOIN model m ON m.id = r.model_id, generate_series(0, ${shape.layers - 1}) l,
       unnest($4::"MatrixName"[]) AS x(matrix),
       generate_series(0, ${shape.positions - 1}) p, (VALUES (true), (false)) AS ends(e), generate_series(0, 2) n`,
    [first, end, all, matrices],
  )
}
