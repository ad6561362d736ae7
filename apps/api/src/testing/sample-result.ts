// A made-up result in the engine's form, for tests of what happens around the engine.
import type {
  LensRequest,
  LensResult,
  MatrixName,
  PackedCells,
} from '../engine/engine-vocabulary.js'

const matrices: readonly MatrixName[] = ['attention.query', 'mlp.up', 'mlp.down']
const entries = 3

const floats = (length: number, value: (index: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, index) => value(index))
const integers = (length: number, value: (index: number) => number): Int32Array =>
  Int32Array.from({ length }, (_, index) => value(index))

function ends(positions: number, salt: number) {
  const size = positions * entries
  return {
    targetRank: integers(positions, (index) => index + salt),
    answerRank: integers(positions, (index) => index),
    topIds: integers(size, (index) => (index + salt) % 50),
    topLogits: floats(size, (index) => 5 - index),
    topProbabilities: floats(size, (index) => 1 / (index + 2)),
    bottomIds: integers(size, (index) => (index + salt + 7) % 50),
    bottomLogits: floats(size, (index) => -5 - index),
    bottomProbabilities: floats(size, (index) => 1e-6 / (index + 1)),
  }
}

function cellsOf(layer: number, matrix: MatrixName, positions: number): PackedCells {
  const salt = layer * 10 + matrices.indexOf(matrix)
  const masked = Uint8Array.from({ length: positions }, (_, index) => (index === 0 ? 1 : 0))
  const packed = ends(positions, salt)
  if (matrix === 'mlp.down') packed.targetRank[0] = packed.answerRank[0] = -1
  return {
    layer,
    matrix,
    positions,
    k: entries,
    projectable: matrix === 'mlp.down' ? 'vjp' : 'input',
    inputNorm: floats(positions, (index) => salt + index + 0.123456789),
    vjpNorm: floats(positions, (index) => (index === 0 ? 0 : salt + index / 1000)),
    masked,
    ...packed,
  }
}

function imprintOf(layer: number, positions: number): LensResult['imprint'][number] {
  const size = positions * entries
  return {
    layer,
    matrix: 'mlp.up',
    positions,
    neurons: entries,
    ownIds: integers(size, (index) => index),
    ownChange: floats(size, (index) => -index),
    fullIds: integers(size, (index) => index + 1),
    fullChange: floats(size, (index) => index / 2),
    shiftOwnNorm: floats(positions, (index) => index),
    shiftFullNorm: floats(positions, (index) => index + 1),
    shiftTargetLogit: floats(positions, (index) => index + 2),
  }
}

/** Two layers, three matrices, one cell a prompt token; position 0 is masked. */
export function sampleResult(request: LensRequest): LensResult {
  const ids = 'ids' in request.prompt ? request.prompt.ids : []
  const positions = ids.length
  const layers = [0, 1]
  const token = (id: number) => ({ id, text: `t${id}` })
  const texts = Object.fromEntries(Array.from({ length: 300 }, (_, id) => [id, `t${id}`]))
  const answer = { ...token(7), logit: 3, probability: 0.5 }
  return {
    tokens: ids.map(token),
    promptLength: positions,
    target: { mode: 'first', tokens: [token(9)], ranked: token(9) },
    loss: 1.25,
    answer,
    next: [answer],
    matrices: layers.flatMap((layer) =>
      matrices.map((matrix) => cellsOf(layer, matrix, positions)),
    ),
    hiddenStates: layers.map((layer) => ({
      layer,
      positions,
      k: entries,
      norm: floats(positions, (index) => index + layer),
      ...ends(positions, layer),
    })),
    imprint: layers.map((layer) => imprintOf(layer, positions)),
    gradientRank: [
      { layer: 0, matrix: 'mlp.up', rank: 2, largestSingularValue: 1, tolerance: 1e-6 },
    ],
    gradientCheck: [{ matrix: 'mlp.up', analytic: 1, measured: 1, relativeError: 0 }],
    vectors: layers.flatMap((layer) =>
      matrices.map((matrix) => {
        const [inputWidth, vjpWidth] = [4, 2]
        const input = floats(positions * inputWidth, (index) => index)
        return {
          layer,
          matrix,
          input,
          inputWidth,
          vjp: floats(positions * vjpWidth, (index) => index),
          vjpWidth,
        }
      }),
    ),
    texts,
    receipt: {
      ...{ weightsDigest: 'sample', seed: 0 },
      ...{ provider: 'cpu', device: 'Test processor', providerReason: 'auto: cpu' },
    } as unknown as LensResult['receipt'],
  }
}
