// The built commands `lens evaluate` and `lens edit` on the bundled model.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'prettier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadEdit } from '../edits/edit-file.js'
import { buildProtocolTable } from '../evaluation/metrics/protocol-table.js'
import { readResults } from '../evaluation/results-file.js'
import { findPackageRoot } from '../models/home.js'
import type { MethodEstimate } from '../statistics/method-table.js'

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const root = mkdtempSync(join(tmpdir(), 'imprint-evaluate-'))
const request = join(root, 'request.json')

function lens(...arguments_: string[]) {
  return spawnSync(process.execPath, [main, ...arguments_], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: join(root, 'home'), COLUMNS: '120', NODE_OPTIONS: '' },
  })
}

function failure(...arguments_: string[]): { code: string; message: string; cure: string } {
  const { status, stderr } = lens(...arguments_, '--json')
  expect(status).not.toBe(0)
  return (JSON.parse(stderr) as { error: { code: string; message: string; cure: string } }).error
}

beforeAll(() => {
  if (!existsSync(main)) throw new Error('build first with `npm run build`')
  const france = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }
  writeFileSync(request, JSON.stringify(france))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('lens evaluate', () => {
  const asked = ['evaluate', '--methods', 'forward-shift,no-edit', '--cases', '5', '--seed', '2']

  it('prints a table of the facts and goes on from a complete file', () => {
    const first = lens(...asked, '--out', 'facts.jsonl')
    expect(first.stderr).toBe('')
    expect(first.status).toBe(0)
    expect(first.stdout).toContain('CounterFact (ROME/MEMIT): facts.json, 5 cases, seed 2')
    expect(first.stdout).toContain('GE: not available')
    expect(first.stdout).toMatch(/^ES .*forward-shift .*exact McNemar/m)
    const again = lens(...asked, '--out', 'facts.jsonl', '--json')
    expect(again.status).toBe(0)
    const report = JSON.parse(again.stdout) as {
      resumed: number
      estimates: readonly MethodEstimate[]
    }
    expect(report.resumed).toBe(10)
    const { records, end } = readResults(join(root, 'facts.jsonl'))
    expect(end).toMatchObject({ rows: 10, failures: 0 })
    const rows = records.filter((one) => one.kind === 'row')
    const cases = rows.filter(({ method }) => method === 'no-edit')
    const listed = cases.map(({ caseId, relation }) => ({ id: caseId, relation }))
    const { table } = buildProtocolTable('counterfact', rows, { cases: listed })
    for (const { method, metric, values } of table.columns) {
      const shown = report.estimates.find((one) => one.method === method && one.metric === metric)!
      const mean = values.reduce((sum, value) => sum + value, 0) / 5
      if (Number.isNaN(mean)) expect(shown.mean).toBeNull()
      else expect(shown.mean).toBeCloseTo(mean, 9)
    }
  })

  it('is reported again under any protocol, and in Markdown that Prettier leaves as it is', async () => {
    const whole = JSON.parse(lens(...asked, '--out', 'facts.jsonl', '--json').stdout) as {
      estimates: readonly MethodEstimate[]
    }
    const protocols = ['--protocol', 'counterfact,backward-lens']
    const { status, stdout } = lens('report', 'facts.jsonl', ...protocols, '--format', 'json')
    expect(status).toBe(0)
    const { reports } = JSON.parse(stdout) as {
      reports: Record<string, { estimates: readonly MethodEstimate[] }>
    }
    expect(reports['counterfact']?.estimates).toEqual(whole.estimates)
    const efficacy = reports['backward-lens']?.estimates.find(
      ({ method, metric }) => method === 'no-edit' && metric === 'efficacy',
    )
    expect(efficacy).toMatchObject({ mean: 0, n: 5, missing: 0 })
    const markdown = lens('report', 'facts.jsonl', ...protocols, '--format', 'markdown').stdout
    expect(markdown).toContain('## Backward Lens')
    expect(markdown).toMatch(/^\| no-edit +\| 0\.0 \[0\.0, 0\.0\]/m)
    expect(await format(markdown, { parser: 'markdown' })).toBe(markdown)
    const flips = lens('report', 'facts.jsonl', '--flips', 'forward-shift,no-edit').stdout
    expect(flips).toMatch(/^rewrite +5 +5 +0$/m)
    expect(failure('report', 'nowhere.jsonl').code).toBe('FILE_UNREADABLE')
    expect(failure('report', 'facts.jsonl', '--compare', 'rome').code).toBe('BAD_ARGUMENT')
  })

  it('names what is wrong, and the cure', () => {
    const out = ['--out', 'wrong.jsonl']
    expect(failure('evaluate', '--methods', 'rome2', ...out)).toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    const tiny = join(root, 'tiny')
    expect(lens('models', 'random', '--shape', 'tiny', '--out', tiny).status).toBe(0)
    const other = ['--model', tiny, '--cases', '1', ...out]
    const missing = failure('evaluate', '--methods', 'rome', ...other)
    expect(missing.code).toBe('KEY_COVARIANCE_MISSING')
    expect(missing.cure).toContain('lens stats')
    const editor = failure('evaluate', '--methods', 'mend', ...other)
    expect(editor.code).toBe('MEND_CHECKPOINT_MISSING')
    const file = failure('evaluate', '--methods', 'sgd', '--dataset', 'nowhere.json', ...out)
    expect(file.code).toBe('FILE_UNREADABLE')
    const seed = failure(...asked, '--seed', '3', '--out', 'facts.jsonl')
    expect(seed.message).toContain('seed')
    const compare = failure(...asked, '--compare', 'rome', ...out)
    expect(compare.code).toBe('BAD_ARGUMENT')
  })

  it('gives arms of one method their own hyperparameters', () => {
    writeFileSync(join(root, 'arms.json'), JSON.stringify({ weak: { learningRate: 0.001 } }))
    const arms = ['--methods', 'forward-shift,weak=forward-shift', '--hyperparameters', 'arms.json']
    const { status, stderr } = lens('evaluate', ...arms, '--cases', '2', '--out', 'arms.jsonl')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const { header } = readResults(join(root, 'arms.jsonl'))
    const rates = header.arms.map(({ hyperparameters }) => hyperparameters['learningRate'])
    expect(rates[1]).toBe(0.001)
    expect(rates[0]).not.toBe(0.001)
  })
})

describe('lens edit', () => {
  it('writes an edit that can be read back and stacked under another', () => {
    const edit = ['edit', '--method', 'forward-shift', '--request', request]
    const { status, stdout, stderr } = lens(...edit, '--out', 'france.safetensors', '--json')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const shown = JSON.parse(stdout) as { id: string; written: { bytes: number } }
    const stored = loadEdit(join(root, 'france.safetensors'))
    expect(stored.id).toBe(shown.id)
    expect(readFileSync(join(root, 'france.safetensors')).length).toBe(shown.written.bytes)
    const value = ['--hyperparameter', 'learningRate=0.5']
    const second = lens(...edit, ...value, '--on-top-of', 'france.safetensors')
    expect(second.status).toBe(0)
    expect(second.stdout).toContain('nothing was written')
    const alone = lens(...edit, ...value)
    expect(alone.stdout).toMatch(/^matrix +change +norm\nlayers\.\d\.mlp\.down +rank 1 /m)
  })

  it('names what is wrong', () => {
    writeFileSync(
      join(root, 'half.json'),
      '{"prompt": "The capital of {} is", "subject": "France"}',
    )
    const half = failure('edit', '--method', 'sgd', '--request', 'half.json')
    expect(half.message).toContain('"target"')
    writeFileSync(join(root, 'broken.json'), '{')
    expect(failure('edit', '--method', 'sgd', '--request', 'broken.json').message).toContain('JSON')
    const value = ['--hyperparameter', 'depth=3']
    const unknown = failure('edit', '--method', 'sgd', '--request', request, ...value)
    expect(unknown.message).toContain('depth')
  })
})
