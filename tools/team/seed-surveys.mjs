// Surveys of every layer of the measured model, so that its lists of neurons have rows: words, norms and activations made up by a seed.

/** Nothing where they are already. @returns how many neurons were written */
export async function seedSurveys(client, { model }) {
  const { rows: found } = await client.query('SELECT 1 FROM neuron_survey LIMIT 1')
  if (found.length > 0) return 0
  await client.query('SELECT setseed(0.5)')
  await client.query(
    `INSERT INTO neuron_survey (id, project_id, author_id, model_id, layer, neurons, run_ids, question_digest, state, words_done, nearest_done)
     SELECT gen_random_uuid(), m.project_id, (SELECT id FROM user_account WHERE handle = 'local'), m.id, layer, $2, '{}', 'made up', 'DONE', $2, true
     FROM model m, generate_series(0, m.layers - 1) AS layer WHERE m.id = $1`,
    [model.id, model.inner],
  )
  const { rowCount } = await client.query(
    `INSERT INTO neuron (survey_id, index, key_word, value_word, words, key_norm, value_norm, max_activation, mean_activation, max_coefficient, histogram,
       histogram_start, bin_width, edit_norm)
     SELECT s.id, i, ' ' || substr(md5(s.layer || 'key' || i), 1, 6), ' ' || substr(md5(s.layer || 'value' || i), 1, 6),
       (SELECT string_agg(substr(md5(s.layer || 'word' || i || w), 1, 6), ' ') FROM generate_series(1, 40) AS w),
       random() * 4, random() * 4, random() * 20 - 5, random(), random() - 0.5, array_fill(3, ARRAY[20]), -5, 1.25, CASE WHEN random() < 0.1 THEN random() ELSE 0 END
     FROM neuron_survey s, generate_series(0, s.neurons - 1) AS i WHERE s.model_id = $1`,
    [model.id],
  )
  await client.query('VACUUM (ANALYZE) neuron')
  return rowCount
}
