// Whether the database answers, has every migration, and how many workers said lately that they are alive.
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database } from '../database/index.js'

export interface Readiness {
  readonly ready: boolean
  /** In words: `ready`, or what is waited for. */
  readonly status: string
  /** Workers seen within the last 30 seconds; without one nothing is computed, but pages work. */
  readonly workers: number
  readonly checks: {
    readonly database: { readonly ok: boolean; readonly milliseconds: number }
    readonly migrations: { readonly ok: boolean; readonly missing: readonly string[] }
    readonly workers: { readonly ok: boolean; readonly alive: number }
  }
}

interface Found {
  readonly applied: readonly string[]
  readonly alive: number
}

const migrationsDirectory = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url))
/** A probe that waits longer is given up by whoever asks. */
const patience = 2_000

/** Names of the migrations this program was built with; none where their directory was not brought along. */
function knownMigrations(directory: string): readonly string[] {
  if (!existsSync(directory)) return []
  const entries = readdirSync(directory, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

export class ReadinessRepository {
  readonly #database: Database
  readonly #known: readonly string[]

  constructor(database: Database, directory = migrationsDirectory) {
    this.#database = database
    this.#known = knownMigrations(directory)
  }

  /** Never throws, and answers within two seconds. */
  async read(): Promise<Readiness> {
    const started = performance.now()
    const found = await Promise.race([this.#look().catch(() => null), later(patience)])
    const milliseconds = Math.round(performance.now() - started)
    const missing =
      found === null ? [] : this.#known.filter((name) => !found.applied.includes(name))
    const alive = found?.alive ?? 0
    const checks = {
      database: { ok: found !== null, milliseconds },
      migrations: { ok: found !== null && missing.length === 0, missing },
      workers: { ok: alive > 0, alive },
    }
    const ready = checks.database.ok && checks.migrations.ok
    return { ready, status: statusOf(checks), workers: alive, checks }
  }

  async #look(): Promise<Found> {
    const { pool } = this.#database
    const [migrations, workers] = await Promise.all([
      pool.query<{ name: string }>(
        `SELECT "migration_name" AS "name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL`,
      ),
      pool.query<{ alive: number }>(
        `SELECT count(*)::int AS "alive" FROM "worker" WHERE "seen_at" > clock_timestamp() - INTERVAL '30 seconds'`,
      ),
    ])
    return { applied: migrations.rows.map(({ name }) => name), alive: workers.rows[0]?.alive ?? 0 }
  }
}

function statusOf({ database, migrations }: Readiness['checks']): string {
  if (!database.ok) return 'waiting for the database'
  return migrations.ok ? 'ready' : 'waiting for migrations'
}

const later = (milliseconds: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), milliseconds).unref())
