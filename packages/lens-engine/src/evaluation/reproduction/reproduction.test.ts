// Plans for models of the published tables and for others, and when two means agree.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { completeHyperparameters } from '../../edits/hyperparameters.js'
import { defaultsFor } from '../../edits/default-hyperparameters.js'
import { findEditMethod } from '../../edits/registry.js'
import type { ModelFiles } from '../../runtime/describe-model.js'
import type { MethodEstimate } from '../../statistics/method-table.js'
import { writeRandomGpt2 } from '../../testing/random-gpt2.js'
import type { PublishedTable } from '../metrics/published-table.js'
import { evaluationArms } from '../evaluation-arms.js'
import { compareWithPublished } from './published-agreement.js'
import { paperNames, reproductionPlan, type ReproductionPlan } from './reproduction-plan.js'

const place = mkdtempSync(join(tmpdir(), 'imprint-reproduction-'))
afterAll(() => rmSync(place, { recursive: true }))

/** A directory with the weights of a small model and the configuration of another: plans read the shape alone. */
function modelFiles(name: string, shape: Readonly<Record<string, number>>): ModelFiles {
  const directory = join(place, name)
  mkdirSync(directory)
  writeRandomGpt2(directory, {})
  const config = { model_type: 'gpt2', vocab_size: 50257, n_positions: 1024, ...shape }
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config))
  return { name, directory, weightsDigest: name, configDigest: '', config }
}

const xl = modelFiles('gpt2-xl', { n_layer: 48, n_embd: 1600, n_head: 25 })
const large = modelFiles('gpt2-large', { n_layer: 36, n_embd: 1280, n_head: 20 })
const small = modelFiles('gpt2', { n_layer: 12, n_embd: 768, n_head: 12 })

describe('plans', () => {
  it("have the paper's settings for its own model, a row for every method that is here", () => {
    const plan = reproductionPlan('backward-lens', xl)
    expect(plan).toMatchObject({
      sameModel: true,
      publishedModel: 'GPT-2 XL',
      protocol: 'backward-lens',
      cases: 1000,
      generation: { length: 100, topK: 5 },
    })
    const [table] = plan.published as [PublishedTable]
    expect(plan.arms.map(({ published }) => published)).toEqual(
      table.rows.map(({ method }) => method),
    )
    const arms = evaluationArms(xl, plan.arms)
    const of = (name: string) => arms.find((one) => one.name === name)?.hyperparameters
    expect(of('ft-l-mlp-0')).toMatchObject({ layer: 0, bound: 0.0005, learningRate: 0.0005 })
    expect(of('ft-mlp-35')).toMatchObject({ layer: 35, learningRate: 0.0005 })
    expect(of('forward-shift')).toMatchObject({ layer: 35, learningRate: 0.24 })
    expect(of('rome')).toMatchObject({ layer: 17, keys: 'original' })
    expect(of('memit')).toMatchObject({ layers: [13, 14, 15, 16, 17] })
    expect(of('mend')).toEqual({ statistics: 'training-mode' })
  })

  it('of ROME know which rows each of its models has', () => {
    const { arms, publishedModel, sameModel } = reproductionPlan('rome', large)
    expect([publishedModel, sameModel]).toEqual(['GPT-2 Large', true])
    expect(arms.map(({ published }) => published)).toEqual(['no-edit', 'FT+L', 'ROME'])
    expect(reproductionPlan('rome', xl).arms).toHaveLength(5)
  })

  it("say that another model has its own defaults, and keep a row's layer at its relative depth", () => {
    const plan = reproductionPlan('backward-lens', small)
    expect(plan).toMatchObject({ sameModel: false, publishedModel: 'GPT-2 XL', cases: 1000 })
    expect(plan.notes[0]).toMatch(/gpt2 is not a model of the published table/)
    // 35 / 48 of 12 layers
    expect(plan.arms.map(({ name }) => name)).toContain('ft-mlp-9')
    const shift = findEditMethod('forward-shift')
    const arms = evaluationArms(small, plan.arms)
    const description = { files: small, shape: { family: 'gpt2', layers: 12, width: 768 } }
    const { values } = defaultsFor(shift, description as never)
    const complete = completeHyperparameters(shift.hyperparameters, values, {}, {
      layers: 12,
    } as never)
    expect(arms.find(({ name }) => name === 'forward-shift')?.hyperparameters).toEqual(complete)
    for (const paper of paperNames) {
      const names = reproductionPlan(paper, small).arms.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

describe('agreement', () => {
  const estimate = (mean: number | null, low: number, high: number): MethodEstimate => ({
    method: 'own',
    metric: 'ES',
    mean,
    interval: mean === null ? null : { low, high, method: low === high ? 'constant' : 'bca' },
    wilson: { low: 96, high: 100 },
    published: null,
    n: 100,
    missing: 0,
  })
  const planOf = (spread: PublishedTable['spread'], cell: readonly [number, number | null]) =>
    ({
      arms: [{ name: 'own', method: 'rome', published: 'ROME', note: '' }],
      publishedModel: 'GPT-2 XL',
      cases: 400,
      published: [
        {
          protocol: 'counterfact',
          source: '',
          note: '',
          cases: null,
          spread,
          rows: [{ model: 'GPT-2 XL', method: 'ROME', cells: { ES: cell } }],
        },
      ],
    }) as unknown as ReproductionPlan
  const cellOf = (plan: ReproductionPlan, one: MethodEstimate) =>
    compareWithPublished(plan, [one])[0]?.rows[0]?.cells[0]

  it('is within the half-widths of both means, added as squares', () => {
    // 3 below and 4 published: 5 apart still agrees.
    expect(cellOf(planOf('ci95', [85, 4]), estimate(90, 87, 99))).toMatchObject({
      agreement: 'agrees',
      publishedHalfWidth: 4,
    })
    expect(cellOf(planOf('ci95', [84.9, 4]), estimate(90, 87, 99))?.agreement).toBe('differs')
    // Above, our own half-width is 9.
    expect(cellOf(planOf('none', [98.9, null]), estimate(90, 87, 99))?.agreement).toBe('agrees')
    expect(cellOf(planOf('none', [99.1, null]), estimate(90, 87, 99))?.agreement).toBe('differs')
  })

  it('takes a standard deviation over cases as what it is', () => {
    const cell = cellOf(planOf('sd', [50, 40]), estimate(90, 89, 91))
    expect(cell?.publishedHalfWidth).toBeCloseTo((1.96 * 40) / 20, 12)
    expect(cell?.agreement).toBe('differs')
  })

  it('takes equal values of a few cases as no proof of another mean', () => {
    const equal = { ...estimate(0, 0, 0), wilson: null, n: 4 }
    expect(cellOf(planOf('sd', [0.4, 4.45]), equal)?.agreement).toBe('agrees')
    expect(cellOf(planOf('sd', [0.4, 0.1]), { ...equal, n: 100 })?.agreement).toBe('differs')
  })

  it("uses Wilson's interval where every case has the same value, and nothing for what is missing", () => {
    expect(cellOf(planOf('none', [97, null]), estimate(100, 100, 100))).toMatchObject({
      low: 96,
      agreement: 'agrees',
    })
    expect(cellOf(planOf('none', [97, null]), estimate(null, 0, 0))).toMatchObject({
      mean: null,
      published: 97,
      agreement: 'none',
    })
  })
})
