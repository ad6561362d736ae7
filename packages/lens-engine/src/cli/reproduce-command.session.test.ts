// The built command `lens reproduce` on the bundled model: every row of the table, figures, texts of two rows, a file that
// is gone on with, and refusals. What takes minutes to prepare (key covariances, mend's editor) is prepared smaller here.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ComparedTable } from '../evaluation/reproduction/published-agreement.js'
import { reproductionPlan } from '../evaluation/reproduction/reproduction-plan.js'
import { readResults } from '../evaluation/results-file.js'
import type { FigureData } from '../figures/figure-data.js'
import { findPackageRoot } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { prepareEditor } from '../resources/mend-editors.js'
import { prepareCovariances } from '../resources/prepare-covariances.js'
import { readCovariances } from '../resources/prepare-resources.js'
import { loadModel } from '../runtime/load-model.js'

// A machine that computes other things too takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const root = mkdtempSync(join(tmpdir(), 'imprint-reproduce-'))
const home = join(root, 'home')

function lens(...arguments_: string[]) {
  return spawnSync(process.execPath, [main, ...arguments_], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: home, COLUMNS: '140', NODE_OPTIONS: '' },
  })
}

interface Answer {
  readonly resumed: number
  readonly tables: readonly ComparedTable[]
  readonly figures: readonly FigureData[]
  readonly failures: readonly unknown[]
  readonly header: { readonly arms: readonly { readonly hyperparameters: unknown }[] }
}

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('build first with `npm run build`')
  const model = loadModel(openModel('bundled', { home }))
  const path = join(root, 'corpus.txt')
  writeFileSync(path, 'The capital of France is Paris. The river of Spain is long.\n'.repeat(400))
  const { arms } = reproductionPlan('backward-lens', model.files)
  const corpus = { path, format: 'lines' } as const
  await prepareCovariances(model, readCovariances(model, arms), { home, corpus })
  const matrices = [{ layer: 7, matrix: 'mlp.down' }] as const
  await prepareEditor(model, { home, training: { updates: 2, rank: 2, matrices, settings: {} } })
  await model.dispose()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('lens reproduce', () => {
  const asked = ['reproduce', 'backward-lens', '--dataset', 'facts', '--cases', '8']

  it("repeats the paper's table and figures beside the published ones, and goes on from its file", () => {
    const rest = ['--no-texts', '--prompts', '6', '--out', 'lens.jsonl']
    const first = lens(...asked, ...rest)
    expect(first.stderr).toBe('')
    expect(first.status).toBe(0)
    expect(first.stdout).toContain('Backward Lens (Katz et al. 2024), table 1')
    expect(first.stdout).toContain('its +- is the standard deviation over cases')
    expect(first.stdout).toMatch(/facts-gpt2 is another model than GPT-2 XL/)
    expect(first.stdout).toMatch(/\d of 7 rows agree with GPT-2 XL's within the intervals/)
    for (const number of ['Fig. 3', 'Fig. 5', 'Fig. 6']) expect(first.stdout).toContain(number)
    for (const kind of ['gradient-rank', 'norms-by-segment', 'target-rank-by-segment']) {
      const svg = readFileSync(join(root, 'lens.jsonl.figures', `${kind}.svg`), 'utf8')
      expect(svg).toContain('<svg')
    }
    const again = lens(...asked, ...rest, '--json')
    expect(again.status).toBe(0)
    const { resumed, tables, figures, failures } = JSON.parse(again.stdout) as Answer
    expect([resumed, failures.length, figures.length]).toEqual([7 * 8, 0, 3])
    const rows = tables[0]?.rows ?? []
    expect(rows.map(({ published }) => published)).toEqual([
      'no-edit',
      'fine-tuning (MLP 0)',
      'fine-tuning (MLP 35)',
      'MEND',
      'ROME',
      'MEMIT',
      'forward pass shift',
    ])
    const cellOf = (published: string, metric: string) =>
      rows.find((row) => row.published === published)?.cells.find((one) => one.metric === metric)
    expect(cellOf('ROME', 'efficacy')).toMatchObject({ n: 8, published: 99.4, spread: 7.72 })
    expect(cellOf('ROME', 'perplexity')).toMatchObject({ mean: null, agreement: 'none' })
    const { records, end } = readResults(join(root, 'lens.jsonl'))
    expect(end).toMatchObject({ rows: 56, failures: 0 })
    // The first records, in the order of the file.
    const ids = records.flatMap((one) => (one.method === 'no-edit' ? [one.caseId] : []))
    expect(ids).toEqual([...ids].sort((a, b) => Number(a) - Number(b)))
  })

  it('writes texts, for their entropy', () => {
    const arms = ['--arms', 'no-edit,forward-shift', '--no-figures', '--json']
    const { status, stdout } = lens(...asked.slice(0, -1), '1', ...arms)
    expect(status).toBe(0)
    const { tables } = JSON.parse(stdout) as Answer
    const entropies = tables[0]?.rows.map(({ cells }) =>
      cells.find(({ metric }) => metric === 'ngramEntropy'),
    )
    for (const entropy of entropies ?? []) expect(entropy?.mean).toBeGreaterThan(100)
  })

  it("repeats ROME's, of the arms that are named, without texts", () => {
    const { status, stdout } = lens(
      ...['reproduce', 'rome', '--cases', '4', '--arms', 'no-edit,ft-l', '--no-texts', '--json'],
    )
    expect(status).toBe(0)
    const { tables, figures } = JSON.parse(stdout) as Answer
    const rows = tables[0]?.rows ?? []
    expect(rows.map(({ published }) => published)).toEqual(['no-edit', 'FT+L'])
    expect(rows[0]?.cells.find(({ metric }) => metric === 'S')).toMatchObject({
      published: 30.5,
      spread: null,
    })
    expect(figures).toEqual([])
  })

  it('refuses a paper and an arm it has not, by name', () => {
    const paper = lens('reproduce', 'another')
    expect(paper.status).not.toBe(0)
    expect(paper.stderr).toMatch(/backward-lens, rome/)
    const arm = lens('reproduce', 'rome', '--cases', '1', '--arms', 'kn')
    expect(arm.status).not.toBe(0)
    expect(arm.stderr).toMatch(/no-edit, ft, ft-l, mend, rome/)
  })
})
