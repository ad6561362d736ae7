// Rows of workers that are alive.
import type { Database } from '../database/index.js'

export class WorkerRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async reportAlive(id: string): Promise<void> {
    await this.#database.prisma.$executeRaw`
      INSERT INTO "worker" ("id") VALUES (${id})
      ON CONFLICT ("id") DO UPDATE SET "seen_at" = clock_timestamp()`
  }

  async remove(id: string): Promise<void> {
    await this.#database.prisma.$executeRaw`
      DELETE FROM "worker" WHERE "id" = ${id} OR "seen_at" < clock_timestamp() - INTERVAL '1 day'`
  }

  async countAlive(): Promise<number> {
    const [row] = await this.#database.prisma.$queryRaw<{ alive: number }[]>`
      SELECT count(*)::int AS "alive" FROM "worker" WHERE "seen_at" > clock_timestamp() - INTERVAL '30 seconds'`
    return row?.alive ?? 0
  }
}
