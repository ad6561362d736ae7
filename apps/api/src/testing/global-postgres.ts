// Before all tests: one throw-away PostgreSQL with a migrated template database that every test file copies.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the template database. */
    databaseUrl: string
  }
}

interface PostgresTools {
  readonly throwAwaySettings: object
  startPostgres(options: object): Promise<{ url: string; directory: string; stop(): Promise<void> }>
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const postgresTools = path.join(root, 'tools/postgres/index.mjs')

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { startPostgres, throwAwaySettings } = (await import(postgresTools)) as PostgresTools
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-api-tests-'))
  const server = await startPostgres({
    directory,
    database: 'template_imprint',
    settings: throwAwaySettings,
  })
  const migrated = spawnSync(
    process.execPath,
    [path.join(root, 'tools/prisma/prisma.mjs'), 'migrate', 'deploy'],
    {
      env: { ...process.env, DATABASE_URL: server.url },
      encoding: 'utf8',
    },
  )
  if (migrated.status !== 0)
    throw new Error(`The migration failed: ${migrated.stdout}${migrated.stderr}`)
  project.provide('databaseUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
