// Made-up results of evaluations, written by PostgreSQL itself: data sets, slices, evaluations, arms and a row for each case.

const one = async (client, sql, values) => (await client.query(sql, values)).rows[0]

const methods = [
  'rome',
  'r-rome',
  'memit',
  'forward-shift',
  'sgd',
  'ft',
  'ft-l',
  'mend',
  'alphaedit',
  'random-layer',
  'no-edit',
]

async function insertDataset(client, owner, name, cases) {
  const { id } = await one(
    client,
    `INSERT INTO dataset (id, project_id, author_id, name, version, digest, format, source, bytes, cases, rejected, features)
     VALUES (gen_random_uuid(), $1, $2, $3, 1, md5($3), 'counterfact', 'made up', 1, $4, 0, '{}') RETURNING id`,
    [...owner, name, cases],
  )
  await client.query(
    `INSERT INTO dataset_case (dataset_id, place, case_id, relation, subject, prompt, target_new, target_true, record)
     SELECT $1::uuid, i, 'case ' || i, 'P' || (i % 34), 'Subject ' || i, 'The mother tongue of {} is', 'French', 'English',
       jsonb_build_object('id', 'case ' || i, 'relation', jsonb_build_object('id', 'P' || (i % 34), 'source', 'record'),
         'request', jsonb_build_object('prompt', 'The mother tongue of {} is', 'subject', 'Subject ' || i, 'targetNew', 'French', 'targetTrue', 'English'),
         'paraphrases', '[]'::jsonb, 'neighbors', '[]'::jsonb, 'generationPrompts', '[]'::jsonb)
     FROM generate_series(0, $2::int - 1) i`,
    [id, cases],
  )
  const slice = await one(
    client,
    `INSERT INTO slice (id, project_id, author_id, dataset_id, name, definition, places, digest, state)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, '{"seed": 0}', ARRAY(SELECT generate_series(0, $5::int - 1)), md5($4), 'DONE') RETURNING id`,
    [...owner, id, name, cases],
  )
  return slice.id
}

async function insertEvaluation(client, owner, { sliceId, modelId, name, cases, arms }) {
  const { id } = await one(
    client,
    `INSERT INTO evaluation (id, project_id, author_id, slice_id, name, protocol, settings, cases, state)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, 'counterfact',
       '{"divergence": true, "generation": null, "casesPerBatch": 8, "threads": null, "provider": "auto", "preset": null}', $5, 'DONE') RETURNING id`,
    [...owner, sliceId, name, cases],
  )
  const armIds = []
  for (let place = 0; place < arms; place++) {
    const arm = await one(
      client,
      `INSERT INTO evaluation_arm (id, evaluation_id, place, name, model_id, method, hyperparameters, defaults, computed_with)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $3, '{"layer": 2}', 'made up', 0) RETURNING id`,
      [id, place, methods[place], modelId],
    )
    armIds.push(arm.id)
    await insertRows(client, id, arm.id, cases, 0.35 + 0.6 * (place / arms))
  }
  return { id, armIds }
}

/** Thirteen prompts a row as in CounterFact; the record is shorter than a real one, which no question here reads. */
async function insertRows(client, evaluationId, armId, cases, skill) {
  await client.query(
    `INSERT INTO case_result (arm_id, place, evaluation_id, kind, case_id, relation, metrics, before, prompts, record,
       edit_milliseconds, measure_milliseconds, peak_bytes, worker_id, lease_epoch)
     SELECT $1::uuid, i, $2::uuid, 'ROW', 'case ' || i, 'P' || (i % 34),
       ARRAY[100 * (random() < $4::float8)::int, 50 * floor(random() * 3), 10 * floor(random() * 11), 100 * random(), 90 * random(), 20 * random(), random() / 50, 'NaN', 'NaN']::float8[],
       ARRAY[100 * (i % 5 = 0)::int, 50 * (i % 3), 10 * (i % 11), i % 7, i % 6, i % 9, 0, 'NaN', 'NaN']::float8[],
       (SELECT jsonb_agg(jsonb_build_object('kind', CASE WHEN k = 0 THEN 'rewrite' WHEN k < 3 THEN 'paraphrase' ELSE 'neighborhood' END,
          'index', CASE WHEN k = 0 THEN 0 WHEN k < 3 THEN k - 1 ELSE k - 3 END, 'newBefore', 0.01 * k, 'newAfter', random(),
          'trueBefore', 0.3, 'trueAfter', random(), 'correctBefore', false, 'correctAfter', random() < $4::float8, 'klToBase', 0.01))
        FROM generate_series(0, 12) k WHERE i >= 0),
       jsonb_build_object('kind', 'row', 'outcome', jsonb_build_object('kind', 'edited'), 'text', repeat(md5(i::text), 30)),
       100 + 50 * random(), 20, 1e9, 'made up', 1
     FROM generate_series(0, $3::int - 1) i`,
    [armId, evaluationId, cases, skill],
  )
}

/** @returns ids of the evaluations; `warm` are small ones that no measurement asks for */
export async function fillDatabase(
  client,
  { evaluations, methods: arms, cases, large, largeMethods },
) {
  await client.query('SELECT setseed(0.5)')
  const { project, author } = await one(
    client,
    'SELECT (SELECT id FROM project LIMIT 1) AS project, (SELECT id FROM user_account LIMIT 1) AS author',
  )
  const owner = [project, author]
  const { id: modelId } = await one(
    client,
    `INSERT INTO model (id, project_id, name, source, directory, family, layers, width, heads, context_length, vocabulary_size,
       parameters, bytes, dtype, digest, has_tokenizer)
     VALUES (gen_random_uuid(), $1, 'made-up', 'made-up', '/nowhere', 'gpt2', 2, 16, 2, 64, 257, 1, 1, 'float32', 'made up', true) RETURNING id`,
    [project],
  )
  const sliceId = await insertDataset(client, owner, 'shared cases', cases)
  const ids = []
  for (let index = 0; index < evaluations; index++) {
    const name = `evaluation ${index + 1}`
    ids.push((await insertEvaluation(client, owner, { sliceId, modelId, name, cases, arms })).id)
  }
  const warm = await insertEvaluation(client, owner, {
    sliceId,
    modelId,
    name: 'warm',
    cases: 100,
    arms: 3,
  })
  const largeSlice = await insertDataset(client, owner, 'large', large)
  const whole = await insertEvaluation(client, owner, {
    ...{ sliceId: largeSlice, modelId, name: 'large', cases: large, arms: largeMethods },
  })
  await client.query('VACUUM ANALYZE')
  return { evaluations: ids, warm: [warm.id], large: whole.id, largeArms: whole.armIds }
}
