import { describe, expect, it } from 'vitest'
import { inputOf, keptEdits, questionOf, whatIsMissing, withDraft } from './ask-model'
import { barsOf, type CellDetail } from './cell-detail'
import { describeCell } from './cell-sentence'
import { escapeXml, gridCsv, gridJson, gridSvg } from './grid-export'
import { moveInGrid } from './grid-keys'
import { buildGrid } from './grid-model'
import { DEFAULT_VIEW, EMPTY_DRAFT } from './lens-view'
import { ordinal, showDuration, showNumber, showPercent, showRank } from './numbers'
import { sampleGrid, sampleRun } from './testing'
import { showToken } from './token-text'

it('keeps the edits of the open run for another question of the same model', () => {
  const run = { ...sampleRun(2, 3), editIds: ['e1', 'e2'] }
  expect(keptEdits({ modelId: run.model.id }, run)).toEqual(['e1', 'e2'])
  expect(keptEdits({ modelId: 'another' }, run)).toEqual([])
  expect(keptEdits({ modelId: null }, null)).toEqual([])
})

describe('numbers', () => {
  it('have three significant digits', () => {
    expect(
      [0, 0.27149, 4.2, 42.123, 1234.5, 0.00001234, -1.5, Number.NaN].map((value) =>
        showNumber(value),
      ),
    ).toEqual(['0', '0.271', '4.20', '42.1', '1,235', '1.2e-5', '-1.50', '–'])
  })

  it('say ranks from the nearer end', () => {
    expect(showRank(0, 6144)).toBe('most probable')
    expect(showRank(6143, 6144)).toBe('least probable')
    expect(showRank(6140, 6144)).toBe('6,140 of 6,143 (4th from last)')
    expect(showRank(1, 6144)).toBe('1 of 6,143 (2nd)')
  })

  it('count in words', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '112th',
    ])
    expect([0.0004, 0.041, 2.34, 75].map(showDuration)).toEqual([
      '1 ms',
      '41 ms',
      '2.3 s',
      '1 min 15 s',
    ])
    // Rounded as a whole, so that no minute has sixty seconds.
    expect([9.97, 59.7, 119.6].map(showDuration)).toEqual(['10 s', '1 min 0 s', '2 min 0 s'])
    expect(showPercent(0.9712)).toBe('97.1%')
  })

  it('tokens show their spaces', () => {
    expect(showToken(' Paris')).toBe('·Paris')
    expect(showToken('a\n\tb')).toBe('a⏎⇥b')
    expect(showToken('')).toBe('∅')
  })
})

describe('keys', () => {
  const extent = { rows: 8, columns: 5 }
  it('move and stop at the edges', () => {
    expect(moveInGrid('ArrowUp', false, { row: 0, column: 2 }, extent)).toEqual({
      row: 0,
      column: 2,
    })
    expect(moveInGrid('ArrowRight', false, { row: 0, column: 2 }, extent)).toEqual({
      row: 0,
      column: 3,
    })
    expect(moveInGrid('End', false, { row: 3, column: 0 }, extent)).toEqual({ row: 3, column: 4 })
    expect(moveInGrid('End', true, { row: 3, column: 0 }, extent)).toEqual({ row: 7, column: 4 })
    expect(moveInGrid('PageDown', false, { row: 3, column: 0 }, extent)).toEqual({
      row: 7,
      column: 0,
    })
    expect(moveInGrid('x', false, { row: 3, column: 0 }, extent)).toBeNull()
  })
})

describe('the question', () => {
  const run = sampleRun(2, 2)
  it('follows the open run where nothing is typed', () => {
    expect(questionOf(EMPTY_DRAFT, run, [])).toEqual({
      modelId: 'm',
      prompt: 'The capital of France is',
      target: 'Berlin',
      mode: 'FIRST',
      provider: 'AUTO',
    })
  })

  it('prefers the bundled model without a run', () => {
    const model = { available: true, hasTokenizer: true, bundled: false }
    const models = [
      { ...model, id: 'a' },
      { ...model, id: 'b', bundled: true },
    ]
    expect(questionOf(EMPTY_DRAFT, null, models).modelId).toBe('b')
    expect(questionOf(EMPTY_DRAFT, null, []).modelId).toBeNull()
  })

  it('drops what equals the run, and forgets a saved prompt once its text changes', () => {
    const typed = withDraft({ ...EMPTY_DRAFT, promptId: 'p' }, { prompt: 'Other' }, run)
    expect(typed).toMatchObject({ prompt: 'Other', promptId: null })
    expect(withDraft(typed, { prompt: 'The capital of France is' }, run)).toEqual(EMPTY_DRAFT)
    expect(withDraft(typed, { prompt: '' }, run).prompt).toBe('')
  })

  it('follows the open run’s device until another is chosen', () => {
    const onCpu = sampleRun(2, 2, { provider: 'CPU' })
    expect(questionOf(EMPTY_DRAFT, onCpu, []).provider).toBe('CPU')
    const changed = withDraft(EMPTY_DRAFT, { provider: 'AUTO' }, onCpu)
    expect(inputOf(questionOf(changed, onCpu, []), 'RAW', null, 'x').provider).toBe('AUTO')
    expect(withDraft(changed, { provider: 'CPU' }, onCpu)).toEqual(EMPTY_DRAFT)
  })

  it('says what is missing', () => {
    const question = questionOf(EMPTY_DRAFT, run, [])
    expect(whatIsMissing(question)).toBeNull()
    expect(whatIsMissing({ ...question, prompt: '' })).toBe('prompt')
    expect(whatIsMissing({ ...question, target: '  ' })).toBe('target')
    expect(whatIsMissing({ ...question, modelId: null })).toBe('model')
    expect(whatIsMissing(question, [{ id: 'another' }])).toBe('other model')
    expect(whatIsMissing(question, [{ id: 'm' }])).toBeNull()
    expect(inputOf(question, 'RAW', null, 'x')).not.toHaveProperty('promptId')
  })
})

const scored = (id: number, text: string, logit = 1, probability = 0.5) => ({
  id,
  text,
  logit,
  probability,
})
const detail: CellDetail = {
  surface: 'MLP_DOWN',
  layer: 5,
  position: 3,
  factor: 'VJP',
  norm: 0.3,
  otherNorm: 4,
  masked: false,
  targetRank: 999,
  answerRank: 1,
  top: [scored(1, ' Paris')],
  bottom: [scored(7, ' Berlin', -9, 1e-9)],
}
const said = (cell: CellDetail, neurons: { neuron: number; change: number }[] = []) =>
  describeCell({
    cell,
    tokenHere: ' France',
    layers: 8,
    vocabularySize: 1000,
    target: ' Berlin',
    neurons,
  })
    .map((part) => ('token' in part ? part.token : part.text))
    .join('')

describe('the sentence', () => {
  it('says what is written, where, and where the target is', () => {
    const text = said(detail, [
      { neuron: 212, change: 1 },
      { neuron: 87, change: -1 },
    ])
    expect(text).toContain(
      'At layer 5 the update adds the direction of ·Berlin and takes away that of ·Paris',
    )
    expect(text).toContain('neurons 212 and 87')
    expect(text).toContain('target itself')
  })

  it('fits every kind of cell', () => {
    expect(said({ ...detail, masked: true })).toContain('exactly zero')
    expect(said({ ...detail, factor: 'INPUT', top: null, bottom: null })).toContain('no words')
    expect(said({ ...detail, surface: 'HIDDEN', factor: null })).toContain(
      'After layer 5, with 2 to go',
    )
    expect(
      said({ ...detail, surface: 'MLP_UP', factor: 'INPUT' }, [
        { neuron: 1, change: 2 },
        { neuron: 2, change: -2 },
      ]),
    ).toContain('adds a copy of it to neuron 1')
    expect(said({ ...detail, targetRank: 400 })).not.toContain('The target')
  })
})

describe('bars', () => {
  it('are as long as the number is large, at either end', () => {
    const bars = barsOf([scored(1, ' a', -10), scored(2, ' b', -5)], 'logit', showToken, String)
    expect(bars.map((bar) => bar.length)).toEqual([1, 0.5])
    expect(barsOf([scored(1, ' a', 0, 0)], 'probability', showToken, String)[0]?.length).toBe(0)
  })
})

describe('files of the grid', () => {
  const run = sampleRun(3, 4)
  const model = buildGrid({ kind: 'matrix', grid: sampleGrid(3, 4) }, run, DEFAULT_VIEW)
  it('hold every cell', () => {
    expect(gridCsv(model).trim().split('\r\n')).toHaveLength(13)
    const json = JSON.parse(gridJson(run, model, DEFAULT_VIEW)) as {
      cells: { shown: string; value: number | null }[]
    }
    expect(json.cells).toHaveLength(12)
    expect(json.cells[0]?.shown).toBe('–')
  })

  it('are well-formed pictures whatever the tokens are', () => {
    const { svg, width } = gridSvg({ ...run, promptText: '<b> & "\u0000' }, model, 'dark')
    expect(svg).not.toContain('<b>')
    expect(svg).not.toContain('\u0000')
    expect(svg.match(/<rect/g)).toHaveLength(13)
    expect(width).toBeGreaterThan(400)
    expect(escapeXml('<>&"')).toBe('&lt;&gt;&amp;&quot;')
  })
})
