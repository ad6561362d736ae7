import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { EvaluationProgressRepository } from './evaluation-progress.repository.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

/** An evaluation that began half an hour ago, did nothing for long, and was extended by 20 cases ten seconds ago. */
async function extended(): Promise<string> {
  const { id } = await writeSampleEvaluation(api, { arms: [{ name: 'a', method: 'rome' }] })
  const { pool } = api.database
  const batch = `INSERT INTO evaluation_batch (id, evaluation_id, computed_with, first_case, cases, state, started_at, finished_at)
    VALUES (gen_random_uuid(), $1, 1, $2, 20, $3::"BatchState", now() - $4::interval, now() - $5::interval)`
  await pool.query(
    `UPDATE evaluation SET started_at = now() - INTERVAL '30 minutes' WHERE id = $1`,
    [id],
  )
  await pool.query(batch, [id, 0, 'DONE', '30 minutes', '25 minutes'])
  await pool.query(batch, [id, 20, 'RUNNING', '10 seconds', null])
  await pool.query(
    `UPDATE case_result SET created_at = CASE WHEN place < 20 THEN now() - INTERVAL '25 minutes' ELSE now() END
     WHERE evaluation_id = $1`,
    [id],
  )
  return id
}

it('counts only the seconds in which something was computed', async () => {
  const pace = await new EvaluationProgressRepository(api.database).pace(await extended())
  expect(pace.rowsPerSecond).toBeGreaterThan(1)
  expect(pace.rowsPerSecond).toBeLessThanOrEqual(2)
})
