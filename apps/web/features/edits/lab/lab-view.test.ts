import { describe, expect, it } from 'vitest'
import {
  EMPTY_LAB,
  formatLab,
  inputOf,
  labAddress,
  parseLab,
  whatIsMissing,
  withFact,
  withSubject,
  type LabView,
} from './lab-view'

const view: LabView = {
  modelId: 'm1',
  method: 'memit',
  requests: [
    { prompt: 'The capital of France is', subject: 'France', target: 'Berlin' },
    { prompt: '{} speaks', subject: 'Anna & Co', target: '' },
  ],
  truth: 'Paris',
  paraphrases: ['France’s capital is', 'a=b&c'],
  neighbors: [{ prompt: 'The capital of Spain is', target: 'Madrid' }],
  generationPrompts: ['France is'],
  hyperparameters: { layers: [2, 3], clampFactor: null },
  seed: 4,
  onTopOf: ['e1', 'e2'],
}
const back = (text: string) => parseLab(new URLSearchParams(text))

describe('the address of the lab', () => {
  it('holds everything', () => {
    expect(back(formatLab(view))).toEqual(view)
    expect(back(formatLab(EMPTY_LAB))).toEqual(EMPTY_LAB)
    expect(labAddress({})).toBe('/edits/new?')
  })

  it('bears nonsense', () => {
    const odd = back('with=[1]&seed=-3&neighbor=x')
    expect(odd).toMatchObject({
      hyperparameters: {},
      seed: 0,
      neighbors: [{ prompt: 'x', target: '' }],
    })
    expect(back('with={').hyperparameters).toEqual({})
  })
})

describe('what is sent', () => {
  it('takes one fact where the method writes one', () => {
    expect(inputOf(view, true).requests).toHaveLength(2)
    expect(inputOf(view, false)).toMatchObject({ requests: [view.requests[0]], seed: 4 })
  })

  it('leaves empty probes out', () => {
    const blank = { ...view, truth: ' ', paraphrases: ['', ' x '], neighbors: [], onTopOf: [] }
    const input = inputOf(blank, false)
    expect(input.probes).toEqual({
      paraphrases: ['x'],
      neighbors: [],
      generationPrompts: ['France is'],
    })
    expect(input).not.toHaveProperty('onTopOf')
  })
})

describe('what is missing', () => {
  const ask = (prompt: string, subject: string, target: string, modelId: string | null = 'm') =>
    whatIsMissing({ ...EMPTY_LAB, modelId, requests: [{ prompt, subject, target }] })

  it('is said one by one', () => {
    expect(ask('a b', 'b', 'c', null)).toContain('model')
    expect(ask(' ', 'b', 'c')).toContain('prompt')
    expect(ask('a b', '', 'c')).toContain('Mark')
    expect(ask('a b', 'x', 'c')).toContain('does not hold')
    expect(ask('b a b', 'b', 'c')).toContain('more than once')
    expect(ask('a b', 'b', ' ')).toContain('target')
    expect(ask('a {} and b', 'b', 'c')).toBeNull()
  })
})

describe('filling the lab', () => {
  it('writes a fact out', () => {
    const fact = {
      prompt: 'The capital of {} is',
      subject: 'France',
      target: ' Berlin',
      truth: ' Paris',
      paraphrases: ['p'],
      neighbors: [{ prompt: 'n', target: ' Rome' }],
      generationPrompts: ['g'],
    }
    const filled = withFact({ ...view, method: 'rome' }, fact)
    expect(filled.requests).toEqual([
      { prompt: 'The capital of France is', subject: 'France', target: 'Berlin' },
    ])
    expect(filled).toMatchObject({ truth: 'Paris', method: 'rome', seed: 4 })
    const twice = withFact(view, { ...fact, prompt: 'France, {},' })
    expect(twice.requests[0]?.prompt).toBe('France, {},')
  })

  it('marks the selected subject', () => {
    const request = { prompt: 'The capital of France is', subject: '', target: '' }
    expect(withSubject(request, 14, 22)).toMatchObject({
      subject: 'France',
      prompt: request.prompt,
    })
    expect(withSubject(request, 3, 4)).toBe(request)
    const twice = { ...request, prompt: 'France or France' }
    expect(withSubject(twice, 10, 16)).toMatchObject({ prompt: 'France or {}', subject: 'France' })
  })
})
