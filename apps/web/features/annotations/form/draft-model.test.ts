import { expect, it } from 'vitest'
import {
  confidenceOfKey,
  draftProblem,
  EMPTY_DRAFT,
  inputOfAnchor,
  isUntouched,
  newAnnotation,
  newVersion,
  parseDraft,
  tagOf,
  withTag,
} from './draft-model'

it('makes one form of a tag, and takes each once', () => {
  expect(tagOf('  ##Capital  Cities ')).toBe('capital-cities')
  const once = withTag(EMPTY_DRAFT, 'Capital Cities')
  expect(withTag(once, '#capital-cities').tags).toEqual(['capital-cities'])
  expect(withTag(EMPTY_DRAFT, ' # ').tags).toEqual([])
})

it('asks for a label of a fair length', () => {
  expect(draftProblem(EMPTY_DRAFT)).toMatch(/label/)
  expect(draftProblem({ ...EMPTY_DRAFT, label: '   ' })).toMatch(/label/)
  expect(draftProblem({ ...EMPTY_DRAFT, label: 'x'.repeat(201) })).toMatch(/200/)
  expect(draftProblem({ ...EMPTY_DRAFT, label: 'French cities' })).toBeNull()
})

it('sends what was written, trimmed, and no empty notes', () => {
  const draft = {
    ...EMPTY_DRAFT,
    label: ' cities ',
    evidence: [{ anchor: { kind: 'RUN' as const, id: 'r1' }, title: 'Run', note: ' ' }],
    change: ' clearer ',
  }
  const anchor = { kind: 'NEURON' as const, modelId: 'm', layer: 1, index: 2 }
  expect(newAnnotation(anchor, draft, 'once')).toMatchObject({
    label: 'cities',
    clientMutationId: 'once',
    evidence: [{ anchor: { kind: 'RUN', id: 'r1' } }],
  })
  expect(newVersion({ id: 'a', version: 3 }, draft)).toMatchObject({
    id: 'a',
    version: 3,
    change: 'clearer',
  })
})

it('names the same thing again without what is only shown', () => {
  const anchor = {
    kind: 'NEURON' as const,
    key: 'neuron:m/1/2',
    title: 'Neuron 1/2',
    path: '/x',
    modelId: 'm',
    layer: 1,
    index: 2,
    runId: null,
  }
  expect(inputOfAnchor(anchor as unknown as Parameters<typeof inputOfAnchor>[0])).toEqual({
    kind: 'NEURON',
    modelId: 'm',
    layer: 1,
    index: 2,
  })
})

it('reads a stored draft back, and starts over when it is none', () => {
  const draft = { ...EMPTY_DRAFT, label: 'half a thou' }
  expect(parseDraft(JSON.stringify(draft), EMPTY_DRAFT)).toEqual(draft)
  for (const broken of [null, '', '{', 'null', '{"label":3}', '[]'])
    expect(parseDraft(broken, EMPTY_DRAFT)).toBe(EMPTY_DRAFT)
  expect(isUntouched(draft, EMPTY_DRAFT)).toBe(false)
})

it('has a confidence on each digit', () => {
  expect(confidenceOfKey('1')).toBe(0.1)
  expect(confidenceOfKey('9')).toBe(0.9)
  expect(confidenceOfKey('0')).toBeNull()
  expect(confidenceOfKey('12')).toBeNull()
})
