import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import {
  denseDelta,
  denseValues,
  lowRankDelta,
  scaledDelta,
  type MatrixDelta,
} from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { readMatrix } from '../runtime/stored-matrix.js'
import { createRandom } from '../tensor/seeded-random.js'
import { openTestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import { diffEdits, tokenOverlap } from './diff-edits.js'
import { innerProduct, leadingFactors, norm, principalAngles } from './factor-algebra.js'
import { measureNormGrowth, warningThresholds } from './norm-growth.js'
import { predictEffect } from './predict-effect.js'
import { projectVectors } from './project-vectors.js'
import { readEdit } from './read-edit.js'

const directory = makeTinyGpt2({ layers: 2 })
const { model, close } = openTestModel(directory)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const random = createRandom(9)
const lab = new EditLab(model)
const down = { layer: 1, matrix: 'mlp.down' } as const
const up = { layer: 0, matrix: 'mlp.up' } as const

function randomDelta(address: typeof down | typeof up, rank: number, scale = 0.2): MatrixDelta {
  const [width, out] = lab.widths(address)
  const [u, v] = [random.normals(width * rank, scale), random.normals(rank * out, scale)]
  return lowRankDelta({ address, rank, u, v, bias: random.normals(out, scale / 10) })
}

const toDense = (delta: MatrixDelta): MatrixDelta =>
  denseDelta({ ...delta, values: denseValues(delta) })

const asMatrix = (delta: MatrixDelta): Matrix =>
  new Matrix(
    Array.from({ length: delta.inputWidth }, (_, row) =>
      Array.from(
        denseValues(delta).subarray(row * delta.outputWidth, (row + 1) * delta.outputWidth),
      ),
    ),
  )

describe('the algebra of factors', () => {
  const [a, b] = [randomDelta(down, 2), randomDelta(down, 3)]

  it('has the inner product of the matrices, whichever is dense', () => {
    const expected = asMatrix(a).transpose().mmul(asMatrix(b)).trace()
    for (const [x, y] of [
      [a, b],
      [toDense(a), b],
      [a, toDense(b)],
      [toDense(a), toDense(b)],
    ] as const) {
      expect(innerProduct(x, y)).toBeCloseTo(expected, 6)
    }
  })

  it('has the angles of the singular value decomposition', () => {
    const vectors = (count: number) =>
      Array.from({ length: count }, () => Float64Array.from(random.normals(9)))
    const [p, q] = [vectors(2), vectors(3)]
    const basis = (rows: readonly Float64Array[]): Matrix => {
      const svd = new SingularValueDecomposition(
        new Matrix(rows.map((row) => [...row])).transpose(),
      )
      return svd.leftSingularVectors.subMatrix(0, 8, 0, rows.length - 1)
    }
    const cosines = new SingularValueDecomposition(basis(p).transpose().mmul(basis(q))).diagonal
    const angles = principalAngles(p, q)
    expect(angles).toHaveLength(2)
    angles.forEach((angle, index) => {
      expect(Math.cos((angle * Math.PI) / 180)).toBeCloseTo(cosines[index] as number, 8)
    })
    expect(principalAngles(p, p)[1]).toBeLessThan(1e-4)
    expect(principalAngles([Float64Array.of(1, 0)], [Float64Array.of(0, 1)])).toEqual([90])
  })

  it('finds the strongest factors of a matrix', () => {
    const dense = toDense(randomDelta(down, 3))
    const { outputs } = leadingFactors(denseValues(dense), dense.inputWidth, 3)
    const { diagonal } = new SingularValueDecomposition(asMatrix(dense))
    outputs.forEach((one, index) => {
      expect(norm(one) / (diagonal[index] as number)).toBeCloseTo(1, 3)
    })
  })
})

describe('the difference of two edits', () => {
  const [a, b, c] = [randomDelta(down, 1), randomDelta(down, 1), randomDelta(up, 2)]

  it('is none of an edit and itself, its double, its opposite and its matrix', () => {
    const same = diffEdits({ deltas: [a, c] }, { deltas: [scaledDelta(a, 2), scaledDelta(c, 2)] })
    expect(same.cosine).toBeCloseTo(1, 10)
    expect(same.shared.flatMap(({ inputAngles }) => inputAngles).every((one) => one < 1e-4)).toBe(
      true,
    )
    expect(diffEdits({ deltas: [a] }, { deltas: [scaledDelta(a, -1)] }).cosine).toBeCloseTo(-1, 10)
    const dense = diffEdits({ deltas: [a] }, { deltas: [toDense(a)] })
    expect(dense.cosine).toBeCloseTo(1, 6)
    expect(dense.shared[0]?.outputAngles[0]).toBeLessThan(0.1)
  })

  it('says which matrices only one of them changes', () => {
    const diff = diffEdits({ deltas: [a, c] }, { deltas: [b] })
    expect(diff.onlyFirst).toEqual(['layers.0.mlp.up'])
    expect(diff.onlySecond).toEqual([])
    expect(diff.shared).toHaveLength(1)
    expect(Math.abs(diff.cosine)).toBeLessThan(Math.abs(diff.shared[0]?.cosine ?? 0))
    expect(diffEdits({ deltas: [] }, { deltas: [a] }).cosine).toBe(0)
  })
})

describe('the effect of an edit', () => {
  const request = { promptIds: [3, 1, 4, 1, 5], targetIds: [9], last: 4 }

  it('is predicted by first order ever better as it shrinks', async () => {
    const deltas = [randomDelta(down, 1), toDense(randomDelta(up, 2)), randomDelta(up, 1)]
    const errors: number[] = []
    for (const scale of [0.2, 0.02]) {
      const scaled = deltas.map((delta) => scaledDelta(delta, scale))
      const { predicted, measured } = await predictEffect(model, request, scaled)
      expect(Math.abs(predicted)).toBeGreaterThan(1e-3)
      errors.push(Math.abs(predicted - measured) / Math.abs(predicted))
    }
    expect(errors[1]).toBeLessThan(0.05)
    expect(errors[1]).toBeLessThan(errors[0] as number)
  })

  it('is measured as the logit itself', async () => {
    const delta = randomDelta(down, 1)
    const { logit, measured, nllBefore, nllAfter } = await predictEffect(model, request, [delta])
    const { sequences } = await new EditLab(model, { base: [delta] }).run({
      sequences: [{ ids: request.promptIds, scored: [{ position: 4, tokens: [9] }] }],
      head: ['logits'],
    })
    const logits = sequences[0]?.scored[0]?.logits as Float32Array
    expect(logit + measured).toBeCloseTo(logits[9] as number, 4)
    const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0))
    expect(nllAfter).toBeCloseTo(total - (logits[9] as number), 4)
    expect(nllAfter).not.toBeCloseTo(nllBefore, 3)
  })
})

describe('the size of an edit', () => {
  it('is measured against the matrix it changes', () => {
    const pair = [randomDelta(down, 1), randomDelta(down, 2)]
    const [growth] = measureNormGrowth(model, pair)
    const { weight } = readMatrix(model, down)
    const whole = asMatrix({ ...toDense(pair[0]!), values: weight } as MatrixDelta)
    const sum = Matrix.add(asMatrix(pair[0]!), asMatrix(pair[1]!))
    expect(growth?.relative).toBeCloseTo(sum.norm('frobenius') / whole.norm('frobenius'), 4)
    const spectral = [sum, whole].map((one) => new SingularValueDecomposition(one).diagonal[0]!)
    expect(growth?.spectral).toBeCloseTo(spectral[0]! / spectral[1]!, 3)
  })

  it.each([
    [0.5, 'fine'],
    [2, 'large'],
    [7.9, 'large'],
    [10, 'likely-to-break'],
  ])('%s times the strongest direction is %s', (times, level) => {
    const delta = randomDelta(down, 1)
    const spectral = measureNormGrowth(model, [delta])[0]?.spectral ?? 1
    const [growth] = measureNormGrowth(model, [scaledDelta(delta, (times as number) / spectral)])
    expect(growth?.level).toBe(level)
    expect(warningThresholds.map(({ level: one }) => one)).toContain(level)
  })
})

describe('an edit in words', () => {
  it('projects as the decoder says, in every lens', async () => {
    const vectors = [random.normals(16), random.normals(16)]
    const tokens = [...Array(model.shape.vocabularySize).keys()]
    const rows = await lab.decoderRows(tokens)
    const projected = await projectVectors(model, vectors, { lens: 'raw', topK: 4, token: 7 })
    projected.forEach(({ top, bottom, rank }, index) => {
      const logits = rows.map((row) =>
        row.reduce((sum, value, k) => sum + value * (vectors[index]?.[k] ?? 0), 0),
      )
      const order = tokens.toSorted((a, b) => logits[b]! - logits[a]!)
      expect(top.map(({ id }) => id)).toEqual(order.slice(0, 4))
      expect(bottom.map(({ id }) => id)).toEqual(order.toReversed().slice(0, 4))
      expect(rank).toBe(order.indexOf(7))
      top.forEach(({ id, logit }) => expect(logit).toBeCloseTo(logits[id]!, 4))
    })
    const twice = vectors.map((vector) => vector.map((value) => 2 * value))
    const ids = async (some: readonly Float32Array[], lens: 'normalized' | 'final-norm') =>
      (await projectVectors(model, some, { lens, topK: 4, token: 0 })).map(
        ({ top }) => top[0]?.logit,
      )
    const [one, other] = [await ids(vectors, 'normalized'), await ids(twice, 'normalized')]
    one.forEach((logit, index) => expect(logit).toBeCloseTo(other[index] as number, 4))
    expect(await projectVectors(model, [], { lens: 'raw', topK: 4, token: 0 })).toEqual([])
  })

  it('reads the side that lives in the residual stream, strongest factors first', async () => {
    const row = (await lab.decoderRows([23]))[0]!
    const weak = lowRankDelta({ address: down, rank: 1, u: random.normals(64, 0.01), v: row })
    const strong = lowRankDelta({
      address: down,
      rank: 2,
      u: Float32Array.from({ length: 128 }, (_, index) => (index % 2 === 0 ? 0.001 : 1)),
      v: Float32Array.of(...random.normals(16), ...row),
    })
    const readings = await readEdit(
      model,
      { deltas: [weak, strong, randomDelta(up, 2), toDense(strong)] },
      { lens: 'raw', topK: 3, token: 23 },
    )
    expect(readings.map(({ side }) => side)).toEqual(['output', 'output', 'input', 'output'])
    const [, second, , dense] = readings
    expect(second?.factors[0]?.strength).toBeGreaterThan(second?.factors[1]?.strength ?? Infinity)
    expect(
      Math.abs((dense?.factors[0]?.strength ?? 0) / (second?.factors[0]?.strength ?? 1) - 1),
    ).toBeLessThan(0.01)
    expect(tokenOverlap(second!, second!)).toBe(1)
    expect(tokenOverlap(readings[0]!, readings[2]!)).toBeLessThan(1)
  })
})
