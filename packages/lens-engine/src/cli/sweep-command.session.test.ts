// The built command `lens sweep` on the bundled model: a ranking, resumed, kept as the default, and what it refuses.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readResults } from '../evaluation/results-file.js'
import type { RankedArm } from '../evaluation/sweep/rank-sweep.js'
import { findPackageRoot } from '../models/home.js'

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const root = mkdtempSync(join(tmpdir(), 'imprint-sweep-'))

function lens(...arguments_: string[]) {
  return spawnSync(process.execPath, [main, ...arguments_], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: join(root, 'home'), COLUMNS: '120', NODE_OPTIONS: '' },
  })
}

beforeAll(() => {
  if (!existsSync(main)) throw new Error('build first with `npm run build`')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const sweep = ['sweep', '--method', 'forward-shift', '--cases', '3']
const grid = ['--set', 'layer=6,1', '--set', 'learningRate=0.65,0.001']

describe('lens sweep', () => {
  it('ranks every combination, goes on from its file, and keeps the best as the default', () => {
    const first = lens(...sweep, ...grid, '--out', 'sweep.jsonl')
    expect(first.stderr).toBe('')
    expect(first.status).toBe(0)
    expect(first.stdout).toContain('forward-shift on 3 cases of facts.json')
    expect(first.stdout).toMatch(/^best: layer=6 learningRate=0\.65: harmonic mean \d/m)
    expect(first.stdout).toContain('--save makes it the default')
    const { header, records } = readResults(join(root, 'sweep.jsonl'))
    expect(header.arms).toHaveLength(4)
    expect(header.divergence).toBe(false)
    expect(records.every(({ caseId }) => Number(caseId) >= 1000)).toBe(true)

    const again = lens(...sweep, ...grid, '--out', 'sweep.jsonl', '--save', '--json')
    expect(again.status).toBe(0)
    const { saved, ranked } = JSON.parse(again.stdout) as { saved: string; ranked: RankedArm[] }
    expect(ranked).toHaveLength(4)
    const means = ranked.map(({ criterion }) => criterion.mean ?? -1)
    expect(means).toEqual([...means].sort((a, b) => b - a))
    const file = JSON.parse(readFileSync(saved, 'utf8')) as Record<string, unknown>
    expect(file).toMatchObject({ provenance: 'swept', values: { layer: 6, learningRate: 0.65 } })
    expect(file['source']).toMatch(/^lens sweep, 4 combinations of layer, learningRate on 3 cases/)

    const used = lens(
      'evaluate',
      '--methods',
      'forward-shift',
      '--cases',
      '1',
      '--out',
      'used.jsonl',
    )
    expect(used.status).toBe(0)
    expect(readResults(join(root, 'used.jsonl')).header.arms[0]?.defaults).toContain('lens sweep')
  })

  it.each([
    ['an unknown name', ['--set', 'depth=1,2'], 'depth'],
    ['a value outside', ['--set', 'layer=3,8'], 'layer is 8'],
    ['no grid', [], 'empty'],
    ['a name without values', ['--set', 'layer='], 'layer='],
    ['a grid that is no object of lists', ['--grid', 'grid.json'], 'grid.json'],
  ])('refuses %s', (_what, flags, message) => {
    writeFileSync(join(root, 'grid.json'), '{"layer": 3}')
    const { status, stderr } = lens(...sweep, ...flags, '--out', 'wrong.jsonl', '--json')
    expect(status).toBe(2)
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } }
    expect(error.code).toBe('BAD_ARGUMENT')
    expect(error.message).toContain(message)
    expect(existsSync(join(root, 'wrong.jsonl'))).toBe(false)
  })
})
