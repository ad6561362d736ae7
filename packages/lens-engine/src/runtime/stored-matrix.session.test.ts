// x W + b with the matrix as it is read against what the graph computes, for every matrix of every family.
import { afterAll, describe, expect, it } from 'vitest'
import { GraphBuilder } from '../graph/graph-builder.js'
import { openTestModel } from '../testing/open-test-model.js'
import { readGoldens } from '../testing/read-golden.js'
import { forwardPass } from '../architectures/forward-pass.js'
import { TapRecorder } from './forward-context.js'
import { readMatrix } from './stored-matrix.js'

const goldens = [...readGoldens('goldens'), ...readGoldens('goldens-families')]

describe.each(goldens.map(({ name, directory }) => [name, directory]))('%s', (_name, directory) => {
  const { model, close } = openTestModel(directory)
  afterAll(close)

  it('reads every matrix as it is applied', async () => {
    const builder = new GraphBuilder('taps')
    const { weights, config, shape, architecture } = model
    const context = new TapRecorder({ builder, weights, edits: false })
    forwardPass(architecture, { context, config, shape })
    context.taps.forEach(({ input, output }, index) => {
      builder.output(`x${index}`, input)
      builder.output(`y${index}`, output)
    })
    const ids = [3, 1, 4]
    const fetches = await model.runOnce(builder.build(), ({ session }) =>
      session.run({
        token_ids: { type: 'int64', shape: [1, 3], data: BigInt64Array.from(ids, BigInt) },
        position_ids: { type: 'int64', shape: [3], data: BigInt64Array.from([0n, 1n, 2n]) },
      }),
    )
    expect(context.taps).toHaveLength(shape.layers * architecture.matrices.length)
    context.taps.forEach(({ address }, index) => {
      const { weight, bias } = readMatrix(model, address)
      const [x, y] = [fetches[`x${index}`]!, fetches[`y${index}`]!]
      const [width, out] = [x.shape[1] as number, y.shape[1] as number]
      for (let column = 0; column < out; column++) {
        let expected = bias?.[column] ?? 0
        for (let k = 0; k < width; k++) {
          expected += Number(x.data[2 * width + k]) * weight[k * out + column]!
        }
        expect(Math.abs(Number(y.data[2 * out + column]) - expected)).toBeLessThan(
          1e-4 * (1 + Math.abs(expected)),
        )
      }
    })
  })
})
