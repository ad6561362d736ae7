import { describe, expect, it } from 'vitest'
import { describeMethods, type DescribedEvaluation } from './describe-methods.js'
import type { EvaluationArm } from './evaluation-record.js'

const arm: EvaluationArm = {
  name: 'early',
  method: 'ft-l',
  hyperparameters: { layer: 0, bound: 0.0005, biases: true },
  defaults: 'published: ROME, hparams of the code.',
}

const evaluation: DescribedEvaluation = {
  protocol: 'counterfact',
  seed: 7,
  casesPerBatch: 4,
  divergence: false,
  generation: { length: 100, topK: 5 },
  dataset: {
    file: 'counterfact.json',
    digest: 'd'.repeat(64),
    cases: 1000,
    known: { tested: 1200, firstToken: 1100, known: 1000 },
  },
  model: { name: 'gpt2', weightsDigest: 'a'.repeat(64), provider: 'cpu', threads: 1 },
  arms: [arm, { ...arm, name: 'base', method: 'no-edit', hyperparameters: {} }],
  contexts: { rome: Array<string>(21).fill('{}'), memit: Array<string>(6).fill('{}') },
  engineVersion: '1.0.0',
  runtimeVersion: '1.2.3',
}

describe('the text of an evaluation', () => {
  it('names everything that the numbers depend on', () => {
    const text = describeMethods(evaluation)
    for (const part of [
      '2 arms on 1000 cases of counterfact.json (sha256 dddddddddddddddd), seed 7',
      '1000 of 1200 that were asked',
      '4 cases share a batch',
      'CounterFact (ROME/MEMIT)',
      'ES (efficacy success, %)',
      'S is the harmonic mean of the means of ES, PS, NS.',
      'Texts have 100 tokens',
      'The divergence from the unedited model was not computed.',
      'gpt2: weights sha256 aaaaaaaaaaaaaaaa, on cpu, 1 thread.',
      'engine 1.0.0 with ONNX Runtime 1.2.3',
      'layer 0, bound 0.0005, biases true; what was not given is published: ROME, hparams of the code.',
      'base: ',
      'with no settings;',
      '21 for rome, 6 for memit',
      '10000 resamples of cases, seed 7',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toMatch(/undefined|\[object|\.\./)
    expect(text.split('\n\n')).toHaveLength(6)
  })

  it('names each model once where arms have models of their own, and what each arm read', () => {
    const model = { name: 'other', weightsDigest: 'b'.repeat(64) }
    const covariances = { 'mlp.down 3': 'c'.repeat(64) }
    const arms = [
      { ...arm, model, covariances },
      { ...arm, name: 'late', model },
    ]
    const text = describeMethods({
      ...evaluation,
      model,
      arms,
      resamples: 2000,
      generation: null,
    })
    expect(text.match(/other: weights/g)).toHaveLength(1)
    expect(text).toContain('early on other: ')
    expect(text).toContain('Key covariances: mlp.down 3 cccccccccccccccc.')
    expect(text).toContain('No texts were generated.')
    expect(text).toContain('2000 resamples')
  })
})
