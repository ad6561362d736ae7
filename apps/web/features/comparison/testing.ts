// A small comparison for tests: three methods and a control under a protocol with a score.
import type { Arm, Comparison, Estimate } from './comparison-model'

export function sampleArm(id: string, method = id): Arm {
  return {
    id,
    evaluationId: 'e1',
    evaluationName: 'All methods',
    name: method,
    label: method,
    method,
    methodTitle: method.toUpperCase(),
    modelId: 'm1',
    modelName: 'facts-gpt2',
    hyperparameters: {},
    n: 100,
    missing: 0,
    failed: 0,
    skipped: 0,
    secondsPerEdit: 1,
    peakBytes: null,
  }
}

export function sampleEstimate(armId: string, metric: string, mean: number, half = 2): Estimate {
  return {
    armId,
    metric,
    mean,
    low: mean - half,
    high: mean + half,
    n: 100,
    missing: 0,
    sd: 10,
    wilsonLow: null,
    wilsonHigh: null,
    note: null,
  }
}

const metric = (name: string, better: 'HIGHER' | 'LOWER', unit: string) => ({
  name,
  label: name,
  description: `What ${name} is.`,
  scale: unit === '%' ? 100 : 1,
  binary: false,
  better,
  unit,
})

export function sampleDifference(first: string, second: string, difference: number, p: number) {
  return {
    metric: 'ES',
    firstArmId: first,
    secondArmId: second,
    difference,
    low: difference - 1,
    high: difference + 1,
    n: 100,
    p,
    adjustedP: p,
    test: 'permutation',
    significant: p < 0.05,
    onlyFirst: 7,
    onlySecond: 3,
  }
}

export function sampleComparison(): Comparison {
  return {
    protocol: {
      name: 'counterfact',
      title: 'CounterFact',
      description: '',
      metrics: [metric('ES', 'HIGHER', '%'), metric('KL', 'LOWER', 'nats')],
      score: { name: 'S', label: 'score', of: ['ES'] },
    },
    arms: [sampleArm('rome'), sampleArm('memit'), sampleArm('ft'), sampleArm('none', 'no-edit')],
    cases: 100,
    estimates: [
      sampleEstimate('rome', 'ES', 95),
      sampleEstimate('memit', 'ES', 80),
      sampleEstimate('ft', 'ES', 60),
      sampleEstimate('none', 'ES', 2),
      sampleEstimate('rome', 'KL', 0.3, 0.1),
      sampleEstimate('memit', 'KL', 0.1, 0.05),
    ],
    before: [sampleEstimate('rome', 'ES', 2)],
    differences: [
      sampleDifference('rome', 'memit', 15, 0.001),
      sampleDifference('rome', 'ft', 35, 0.001),
      sampleDifference('memit', 'ft', 20, 0.001),
    ],
    relations: [],
    published: [
      {
        id: 'rome-4',
        title: 'Table 4',
        source: 'ROME',
        spread: 'ci95',
        cases: 7500,
        note: '',
        rows: [
          { model: 'GPT2-xl', method: 'ROME', cells: [{ metric: 'ES', mean: 100, spread: 0.1 }] },
          { model: 'GPT2-xl', method: 'KE', cells: [{ metric: 'ES', mean: 84, spread: null }] },
        ],
      },
    ],
    shared: true,
    notes: [],
    refusal: null,
    computedIn: 0.01,
    final: true,
    resamples: 2000,
  }
}
