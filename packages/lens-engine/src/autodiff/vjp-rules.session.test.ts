// Every rule of the VJP table against central differences, in float64 where ONNX Runtime has the kernels.
import { describe, expect, test } from 'vitest'
import { compareGradients, precisions } from '../testing/check-gradient.js'
import { compareTensors } from '../testing/compare-tensors.js'
import { vjpSamples } from '../testing/vjp-samples.js'
import { vjpRules } from './vjp-rules.js'

test('the table and the samples name the same operators', () => {
  expect(Object.keys(vjpSamples).sort()).toEqual(Object.keys(vjpRules).sort())
})

describe.each(Object.keys(vjpRules))('%s', (op) => {
  test.each([...(vjpSamples[op] ?? [])])('$label', async (sample) => {
    const { tolerance } = precisions[sample.single === true ? 'float32' : 'float64']
    for (const { analytic, numerical } of await compareGradients(sample, `${op}/${sample.label}`)) {
      const difference = compareTensors(analytic, numerical, analytic.length)
      expect(difference.zeroRows).toBe(0)
      expect(difference.relativeError).toBeLessThan(tolerance)
    }
  })
})
