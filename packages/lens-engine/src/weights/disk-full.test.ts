import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'imprint-full-'))
afterAll(() => rmSync(directory, { recursive: true }))

const source = dirname(fileURLToPath(import.meta.url))

// A file size limit of 512 kB stands for the full disk: it needs no mount, and the system call fails the same way.
const script = `
import { writeSafetensors } from ${JSON.stringify(join(directory, 'safetensors-writer.js'))}
try {
  writeSafetensors(process.argv[2], [{ name: 'a', shape: [1000000], data: new Float32Array(1000000) }])
  console.log('written')
} catch (error) {
  console.log(JSON.stringify({ code: error.code, details: error.details }))
}`

describe('a full disk', () => {
  it('is DISK_FULL with needed and available bytes, and leaves no file; a retry works', () => {
    buildWriter()
    writeFileSync(join(directory, 'write.mjs'), script)
    const target = join(directory, 'out.safetensors')
    const limited = spawnSync(
      'sh',
      ['-c', `trap '' XFSZ; ulimit -f 1024; exec node write.mjs ${target}`],
      {
        cwd: directory,
        encoding: 'utf8',
      },
    )
    const answer = JSON.parse(limited.stdout) as { code: string; details: Record<string, unknown> }
    expect(answer.code).toBe('DISK_FULL')
    expect(answer.details.neededBytes).toBeGreaterThan(4_000_000)
    expect(answer.details.availableBytes).toBeTypeOf('number')
    expect(readdirSync(directory).filter((name) => name.startsWith('out'))).toEqual([])
    expect(
      execFileSync('node', ['write.mjs', target], { cwd: directory, encoding: 'utf8' }),
    ).toContain('written')
    expect(readdirSync(directory).filter((name) => name.startsWith('out'))).toEqual([
      'out.safetensors',
    ])
  })
})

/** Compiles the writer by itself, so that the limited process needs no build of the package. */
function buildWriter(): void {
  const package_ = join(source, '..', '..')
  execFileSync(
    'npx',
    [
      'tsc',
      join(source, 'safetensors-writer.ts'),
      '--ignoreConfig',
      '--outDir',
      join(directory, 'js'),
      '--rootDir',
      join(package_, 'src'),
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
      '--skipLibCheck',
    ],
    { cwd: package_, stdio: 'pipe' },
  )
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(directory, 'safetensors-writer.js'),
    `export * from './js/weights/safetensors-writer.js'`,
  )
}
