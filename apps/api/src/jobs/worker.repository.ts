// Rows of workers that are alive, with what their machines offer.
import type { Database } from '../database/index.js'
import type { FoundDevices } from '../engine/engine-vocabulary.js'
import type { WorkerStatus } from './worker-activity.js'

/** What a worker found on its machine. */
export interface MachineDevices extends FoundDevices {
  /** The machine's name. */
  readonly machine: string
}

export class WorkerRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @param status what it does; kept as it was when absent */
  async reportAlive(id: string, status: WorkerStatus | null = null): Promise<void> {
    const told = status === null ? null : JSON.stringify(status)
    await this.#database.prisma.$executeRaw`
      INSERT INTO "worker" ("id", "status") VALUES (${id}, ${told}::jsonb)
      ON CONFLICT ("id") DO UPDATE SET "seen_at" = clock_timestamp(),
        "status" = coalesce(EXCLUDED."status", "worker"."status")`
  }

  async reportDevices(id: string, offer: MachineDevices): Promise<void> {
    await this.#database.prisma.$executeRaw`
      UPDATE "worker" SET "devices" = ${JSON.stringify(offer)}::jsonb WHERE "id" = ${id}`
  }

  /** What the machine of each worker that is alive offers; null for one that has not found out yet. */
  async readDevices(): Promise<(MachineDevices | null)[]> {
    const rows = await this.#database.prisma.$queryRaw<{ devices: MachineDevices | null }[]>`
      SELECT "devices" FROM "worker" WHERE "seen_at" > clock_timestamp() - INTERVAL '30 seconds' ORDER BY "started_at", "id"`
    return rows.map(({ devices }) => devices)
  }

  /** Ids of the workers that are alive, in order. */
  async readLiving(): Promise<string[]> {
    const rows = await this.#database.prisma.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "worker" WHERE "seen_at" > clock_timestamp() - INTERVAL '30 seconds' ORDER BY "id"`
    return rows.map(({ id }) => id)
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
