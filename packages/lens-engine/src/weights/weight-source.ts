// What the rest of the engine sees of a model's parameters: named tensors that stay in their files until they are read.
import type { Dtype, ParameterDtype } from '../tensor/dtype.js'

/** Element types accepted for parameters. */
export type WeightDtype = ParameterDtype

/** Where one parameter lies on disk. */
export interface WeightTensor {
  readonly name: string
  readonly dtype: WeightDtype
  readonly shape: readonly number[]
  /** File name inside the model's directory. */
  readonly file: string
  /** Absolute byte offset in that file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

/** Any tensor of the files, of whatever element type. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly file: string
  /** Bytes. */
  readonly length: number
}

/** How large the tensors of a model are, whether they are written yet or not. */
export interface WeightSizesSource {
  /** Bytes of all tensors. */
  readonly bytes: number
  tensors(): readonly Pick<StoredTensor, 'name' | 'dtype' | 'shape' | 'length'>[]
}

/** The parameters of one model, known from the headers alone. */
export interface WeightSource {
  readonly directory: string
  /** File names inside `directory`, in the order their digests are combined. */
  readonly files: readonly string[]
  /** Bytes of all tensors. */
  readonly bytes: number
  has(name: string): boolean
  /** @throws WEIGHTS_MISMATCH naming the tensor when it is absent or has a type parameters cannot have */
  get(name: string): WeightTensor
  /** Names of every tensor in the files, whatever their element type. */
  names(): readonly string[]
  /** Every tensor in the files, for listings. */
  tensors(): readonly StoredTensor[]
  /** Reads one tensor and converts it to float32. @throws as `get`, and FILE_UNREADABLE */
  read(name: string): Float32Array
}
