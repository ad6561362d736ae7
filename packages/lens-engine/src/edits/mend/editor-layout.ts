// Which matrices an editor changes -> the networks it consists of, one for each distinct shape, and the shape of every parameter.
import { matrixNames, type MatrixAddress } from '../../architectures/hook-points.js'
import { LensEngineError } from '../../errors.js'
import { addressKey } from '../matrix-delta.js'

/** Low-rank layers of a network. */
export const EDITOR_LAYERS = 2
/** Largest rank of the published networks. */
export const PUBLISHED_RANK = 1920

/** A matrix that the editor changes. */
export interface EditedMatrix {
  readonly address: MatrixAddress
  /** `addressKey` */
  readonly key: string
  /** Key of the network it shares with matrices of the same shape, such as "160x640". */
  readonly network: string
  readonly inputWidth: number
  readonly outputWidth: number
}

export interface EditorNetwork {
  readonly key: string
  /** in + out: a row is [u; delta]. */
  readonly width: number
  readonly rank: number
  readonly matrices: readonly EditedMatrix[]
}

/** How a parameter begins: the network is the identity then. */
export type ParameterStart = 'zero' | 'one' | 'normal' | 'rate'

export interface EditorParameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly start: ParameterStart
}

export interface EditorLayout {
  /** By layer, then in the order of `matrixNames`. */
  readonly matrices: readonly EditedMatrix[]
  readonly networks: readonly EditorNetwork[]
  readonly parameters: readonly EditorParameter[]
  /** Limit of every network's rank. */
  readonly rank: number
}

/**
 * The layout of an editor (MEND, section 3: parameters are shared by matrices of one shape).
 * @param widths [in, out] of a matrix
 * @param rank limit of the networks' rank; a network never exceeds its width
 * @throws BAD_ARGUMENT when there is no matrix, one is named twice, or the rank is no whole number from 1
 */
export function layOutEditor(
  addresses: readonly MatrixAddress[],
  rank: number,
  widths: (address: MatrixAddress) => readonly [number, number],
): EditorLayout {
  const keys = addresses.map(addressKey)
  if (keys.length === 0 || new Set(keys).size < keys.length || !(rank >= 1 && rank % 1 === 0)) {
    const details = { matrices: keys.join(', '), rank }
    throw new LensEngineError('BAD_ARGUMENT', 'an editor cannot be made of these matrices', {
      details,
      cure: 'Name at least one matrix, each once, and a rank from 1.',
    })
  }
  const matrices = [...addresses].sort(byPlace).map((address) => describe(address, widths(address)))
  const networks = [...new Set(matrices.map(({ network }) => network))].map(
    (key): EditorNetwork => {
      const members = matrices.filter(({ network }) => network === key)
      const width = widthOf(members[0] as EditedMatrix)
      return { key, width, rank: Math.min(rank, width), matrices: members }
    },
  )
  return { matrices, networks, parameters: networks.flatMap(parametersOf), rank }
}

export const widthOf = ({ inputWidth, outputWidth }: EditedMatrix): number =>
  inputWidth + outputWidth

const byPlace = (a: MatrixAddress, b: MatrixAddress): number =>
  a.layer - b.layer || matrixNames.indexOf(a.matrix) - matrixNames.indexOf(b.matrix)

function describe(
  address: MatrixAddress,
  [inputWidth, outputWidth]: readonly [number, number],
): EditedMatrix {
  const network = `${inputWidth}x${outputWidth}`
  return { address, key: addressKey(address), network, inputWidth, outputWidth }
}

/** U = 0 and V normal, as in the published code (the paper says Xavier); scales 1, offsets and biases 0. */
function parametersOf({ key, width, rank, matrices }: EditorNetwork): readonly EditorParameter[] {
  const layers = [...Array(EDITOR_LAYERS).keys()].map((layer) => `layer${layer}`)
  return [
    ...layers.flatMap((layer): readonly EditorParameter[] => [
      { name: `${key}.${layer}.u`, shape: [width, rank], start: 'zero' },
      { name: `${key}.${layer}.v`, shape: [rank, width], start: 'normal' },
      { name: `${key}.${layer}.bias`, shape: [width], start: 'zero' },
    ]),
    ...matrices.flatMap((matrix): readonly EditorParameter[] => [
      ...layers.flatMap((layer): readonly EditorParameter[] => [
        { name: `${matrix.key}.${layer}.scale`, shape: [width], start: 'one' },
        { name: `${matrix.key}.${layer}.offset`, shape: [width], start: 'zero' },
      ]),
      { name: rateName(matrix.key), shape: [1], start: 'rate' },
    ]),
  ]
}

/** Name of the learning rate of one matrix, learned as well. */
export const rateName = (matrix: string): string => `${matrix}.rate`

/** Number of values of a parameter. */
export const parameterSize = ({ shape }: EditorParameter): number =>
  shape.reduce((product, size) => product * size, 1)
