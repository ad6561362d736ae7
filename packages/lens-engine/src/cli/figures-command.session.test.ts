// The built command `lens figures` on the bundled model: figures and observations, resumed to the same bytes, what it refuses.
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FigureData } from '../figures/figure-data.js'
import { figureKinds } from '../figures/figure-kinds.js'
import type { ObservedPrompt } from '../figures/prompt-observation.js'
import { findPackageRoot } from '../models/home.js'
import { readFigures } from './figures-command.js'

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const root = mkdtempSync(join(tmpdir(), 'imprint-figures-'))

function lens(...arguments_: string[]) {
  return spawnSync(process.execPath, [main, 'figures', '--threads', '1', ...arguments_], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: join(root, 'home'), COLUMNS: '120', NODE_OPTIONS: '' },
  })
}

beforeAll(() => {
  if (!existsSync(main)) throw new Error('build first with `npm run build`')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const read = (...parts: string[]): string => readFileSync(join(root, ...parts), 'utf8')
const observationsOf = (directory: string): ObservedPrompt[] =>
  read(directory, 'observations.jsonl')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as ObservedPrompt)

const BAD_ARGUMENT = '"code":"BAD_ARGUMENT"'

describe('lens figures', () => {
  it('writes data, drawings and a receipt, and says what the paper found', () => {
    const { stdout, stderr, status } = lens('--cases', '4', '--figures', '3,5,6', '--out', 'out')
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout).toContain('Fig. 3 Rank of the gradient of mlp.up: 4 prompts')
    expect(stdout).toContain('the paper: The rank equals the number of tokens')
    expect(readdirSync(join(root, 'out')).sort()).toEqual([
      'gradient-rank.json',
      'gradient-rank.svg',
      'norms-by-segment.json',
      'norms-by-segment.svg',
      'observations.jsonl',
      'receipt.json',
      'target-rank-by-segment.json',
      'target-rank-by-segment.svg',
    ])
    const figure = JSON.parse(read('out', 'norms-by-segment.json')) as FigureData
    expect(figure).toMatchObject({ number: 'Fig. 5', prompts: 4, level: 0.95, form: 'lines' })
    expect(read('out', 'norms-by-segment.svg')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    expect(JSON.parse(read('out', 'receipt.json'))).toMatchObject({
      provider: 'cpu',
      threads: 1,
      targetMode: 'first',
      steps: null,
    })
  })

  it('goes on after an interruption, to the same bytes, and computes only what is missing', () => {
    const whole = read('out', 'observations.jsonl')
    const figure = read('out', 'gradient-rank.json')
    writeFileSync(join(root, 'out', 'observations.jsonl'), whole.slice(0, -5000))
    expect(lens('--cases', '4', '--figures', '3', '--out', 'out').status).toBe(0)
    expect(read('out', 'observations.jsonl')).toBe(whole)
    expect(read('out', 'gradient-rank.json')).toBe(figure)

    const more = ['--cases', '5', '--figures', '26', '--step-cases', '2', '--out', 'out']
    const { stdout, status } = lens(...more, '--json')
    expect(status).toBe(0)
    const { receipt, figures } = JSON.parse(stdout) as {
      receipt: { steps: unknown }
      figures: FigureData[]
    }
    expect(receipt.steps).toMatchObject({ factor: expect.closeTo(Math.SQRT2, 5) })
    expect(figures[0]).toMatchObject({ kind: 'smallest-step', prompts: 2 })
    expect(observationsOf('out')).toHaveLength(4 + 1 + 2)
    const before = read('out', 'observations.jsonl')
    expect(lens(...more).status).toBe(0)
    expect(read('out', 'observations.jsonl')).toBe(before)
  })

  it('lays another model beside, and writes below the titles what it is told', () => {
    const beside = ['--beside', 'once more=out', '--subtitle', 'a <test>']
    const { status } = lens('--cases', '2', '--figures', '18-19', ...beside, '--out', 'beside')
    expect(status).toBe(0)
    const figure = JSON.parse(read('beside', 'ranks-normalized-layer.json')) as FigureData
    const names = figure.series.map(({ name }) => name)
    expect(names.slice(2)).toEqual(['once more: target', 'once more: answer'])
    expect(read('beside', 'ranks-normalized-layer.svg')).toContain('a &lt;test&gt;')
    const missing = lens('--figures', '18-19', '--beside', 'a=nowhere', '--out', 'x', '--json')
    expect(missing.stderr).toContain('FILE_UNREADABLE')
  })

  it('skips prompts that show nothing, with the reason', () => {
    const record = (id: string, prompt: string, subject: string, target: string) => ({
      case_id: id,
      subject,
      prompt,
      target_new: target,
      target_true: 'Paris',
    })
    const rewrite = ({ case_id, ...request }: ReturnType<typeof record>) => ({
      case_id,
      requested_rewrite: {
        prompt: request.prompt,
        subject: request.subject,
        relation_id: 'P1',
        target_new: { str: request.target_new },
        target_true: { str: request.target_true },
      },
      paraphrase_prompts: [],
      neighborhood_prompts: [],
      generation_prompts: [],
    })
    const records = [
      rewrite(record('1', '{} stands in', 'The tower', 'London')),
      rewrite(record('2', '{}', 'a', 'London')),
    ]
    writeFileSync(join(root, 'own.json'), JSON.stringify(records))
    const { stdout, status } = lens('--dataset', 'own.json', '--figures', '5', '--out', 'own')
    expect(status).toBe(0)
    expect(stdout).toMatch(/skipped case 2: the prompt has one token/)
    expect(stdout).toContain(
      'Fig. 5 Norm of the VJP of mlp.down by layer and part of the prompt: one prompt',
    )
  })

  it('refuses observations of something else, a spoilt file, and flags it does not know', () => {
    const other = lens('--dataset', 'own.json', '--figures', '3', '--out', 'out', '--json')
    expect(other.status).not.toBe(0)
    expect(other.stderr).toContain(BAD_ARGUMENT)
    expect(other.stderr).toContain('observations of something else')
    appendFileSync(join(root, 'own', 'observations.jsonl'), 'nonsense\n')
    const spoilt = lens('--dataset', 'own.json', '--figures', '5', '--out', 'own', '--json')
    expect(spoilt.stderr).toContain('DATASET_INVALID')
    expect(lens('--figures', '7', '--out', 'out', '--json').stderr).toContain(BAD_ARGUMENT)
    expect(lens('--cases', '0', '--out', 'out', '--json').stderr).toContain(BAD_ARGUMENT)
  })
})

describe('the names of figures', () => {
  it('are numbers of the paper, ranges of them, kinds, or all', () => {
    expect(readFigures('6,3,5')).toEqual([
      'gradient-rank',
      'norms-by-segment',
      'target-rank-by-segment',
    ])
    expect(readFigures('18-19,21')).toEqual(['ranks-normalized-layer', 'answer-ranks'])
    expect(readFigures('smallest-step')).toEqual(['smallest-step'])
    expect(readFigures('all')).toEqual(figureKinds.map(({ kind }) => kind))
    for (const wrong of ['', '7', '18-20', 'Fig. 3', '3.5', '-3']) {
      expect(() => readFigures(wrong)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
    }
  })
})
