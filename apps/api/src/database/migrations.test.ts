import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

function prisma(...words: string[]) {
  const env = { ...process.env, DATABASE_URL: inject('databaseUrl') }
  const result = spawnSync(process.execPath, ['tools/prisma/prisma.mjs', ...words], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  return { status: result.status, output: result.stdout + result.stderr }
}

describe('the migrations', () => {
  it('make exactly the tables of schema.prisma (else write one: node tools/prisma/prisma.mjs migrate dev)', () => {
    const diff = prisma(
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    )
    expect(diff.output).toContain('No difference detected')
    expect(diff.status).toBe(0)
  })

  it('are all applied, and applying them again changes nothing', () => {
    const again = prisma('migrate', 'deploy')
    expect(again.output).toContain('No pending migrations to apply')
    expect(again.status).toBe(0)
  })
})
