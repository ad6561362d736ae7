import { expect, it } from 'vitest'
import { sampleArm } from '../testing'
import { continuationRows, lensAddress, promptRows, type ArmDetail } from './case-detail-model'

type Prompt = ArmDetail['prompts'][number]

const prompt = (kind: Prompt['kind'], text: string, newAfter: number): Prompt => ({
  kind,
  prompt: text,
  target: ' Berlin',
  truth: ' Paris',
  newBefore: 0.1,
  newAfter,
  trueBefore: 0.9,
  trueAfter: 0.1,
  correctBefore: false,
  correctAfter: true,
  wanted: 'new',
  klToBase: null,
})

const arm = (id: string, prompts: readonly Prompt[], texts: readonly string[] = []): ArmDetail => ({
  arm: sampleArm(id),
  outcome: 'EDITED',
  error: null,
  warnings: [],
  prompts: [...prompts],
  generations: texts.map((after) => ({ prompt: 'France', before: 'France is', after })),
  editMilliseconds: 12,
  record: {},
})

it('puts the same prompt of every method in one row, one that stands twice in two', () => {
  const rows = promptRows([
    arm('a', [
      prompt('REWRITE', 'P', 0.8),
      prompt('NEIGHBORHOOD', 'N', 0.1),
      prompt('NEIGHBORHOOD', 'N', 0.2),
    ]),
    arm('b', [prompt('NEIGHBORHOOD', 'N', 0.3), prompt('REWRITE', 'P', 0.7)]),
  ])
  expect(rows.map(({ kind, byArm }) => [kind, byArm.map((one) => one?.newAfter ?? null)])).toEqual([
    ['REWRITE', [0.8, 0.7]],
    ['NEIGHBORHOOD', [0.1, 0.3]],
    ['NEIGHBORHOOD', [0.2, null]],
  ])
})

it('sets the texts side by side', () => {
  expect(continuationRows([arm('a', [], ['x', 'y']), arm('b', [], ['z'])])).toEqual([
    { prompt: 'France', before: 'France is', byArm: ['x', 'z'] },
    { prompt: 'France', before: 'France is', byArm: ['y', null] },
  ])
  expect(continuationRows([])).toEqual([])
})

it('leads to the lens with prompt and target', () => {
  expect(lensAddress('m1', 'The capital is', ' Berlin')).toBe(
    '/lens?model=m1&prompt=The+capital+is&target=+Berlin',
  )
  expect(lensAddress(null, 'x', null)).toBe('/lens?prompt=x')
})
