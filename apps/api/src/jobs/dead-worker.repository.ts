// Takes the leases of workers that died on this machine: nobody need wait until they run out.
import type { Database } from '../database/index.js'
import { isDeadHere } from './worker-identity.js'

/** Everything that a worker holds by a lease. */
const leased = [
  'lens_run',
  'edit_task',
  'model_import',
  'slice',
  'evaluation_batch',
  'figure_set',
  'neuron_survey',
  'interference_map',
  'vector_file',
] as const

const owners = leased
  .map((table) => `SELECT "lease_owner" AS "id" FROM "${table}" WHERE "lease_owner" IS NOT NULL`)
  .concat(`SELECT "id" FROM "worker"`)
  .join(' UNION ')

export class DeadWorkerRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Ends the leases of every worker that is certainly dead, and takes it from the list of workers. Whoever claims next
   * raises the epoch as for any lease that ran out, so a mistake would cost work done twice, never a wrong row.
   * @returns the workers that were found dead
   */
  async releaseLeases(): Promise<readonly string[]> {
    const { pool } = this.#database
    const { rows } = await pool.query<{ id: string }>(owners)
    const dead = rows.map(({ id }) => id).filter(isDeadHere)
    if (dead.length === 0) return dead
    for (const table of leased) {
      const ended = `UPDATE "${table}" SET "lease_until" = clock_timestamp()
        WHERE "lease_owner" = ANY($1) AND "lease_until" > clock_timestamp()`
      await pool.query(ended, [dead])
    }
    await pool.query(`DELETE FROM "worker" WHERE "id" = ANY($1)`, [dead])
    return dead
  }
}
