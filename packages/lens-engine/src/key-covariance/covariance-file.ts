// The covariance of one matrix's keys <-> a safetensors file with its receipt.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { LensEngineError } from '../errors.js'
import type { MatrixName } from '../architectures/hook-points.js'
import { writeSafetensors } from '../weights/safetensors-writer.js'
import { readBytes, readSafetensorsHeader } from '../weights/safetensors.js'

/** Where a covariance comes from: all that its numbers depend on. */
export interface CovarianceReceipt {
  readonly layer: number
  readonly matrix: MatrixName
  readonly width: number
  readonly weightsDigest: string
  readonly tokenizerDigest: string | null
  readonly corpus: string
  readonly corpusDigest: string
  readonly corpusFormat: string
  readonly documents: number
  readonly tokens: number
  /** Tokens read of a document at most. */
  readonly documentTokens: number
  readonly engineVersion: string
  readonly runtimeVersion: string
  readonly provider: string
}

/** C = E[k k^T], uncentred (ROME, eq. 2), of the inputs of one matrix. */
export interface StoredCovariance {
  readonly receipt: CovarianceReceipt
  /** [width, width], row-major */
  readonly values: Float64Array
  /** sha256 of the file. */
  readonly digest: string
}

const TENSOR = 'covariance'
const FORMAT = 'imprint-key-covariance-1'

/** Writes sum / tokens as float32. @throws DISK_FULL, FILE_UNREADABLE */
export function writeCovariance(path: string, sum: Float64Array, receipt: CovarianceReceipt): void {
  const { width, tokens } = receipt
  const data = Float32Array.from(sum, (value) => value / tokens)
  writeSafetensors(path, [{ name: TENSOR, shape: [width, width], data }], {
    format: FORMAT,
    receipt: JSON.stringify(receipt),
  })
}

/** The receipt alone, from the header. @throws KEY_COVARIANCE_INVALID */
export function readCovarianceReceipt(path: string): CovarianceReceipt {
  return withFile(path, (descriptor) => readHeader(descriptor, path).receipt)
}

/** @throws KEY_COVARIANCE_INVALID for a damaged or foreign file */
export function readCovariance(path: string): StoredCovariance {
  return withFile(path, (descriptor) => {
    const { receipt, tensor } = readHeader(descriptor, path)
    const bytes = readBytes(descriptor, tensor.offset, tensor.length, path)
    const floats = new Float32Array(new Uint8Array(bytes).buffer)
    if (!floats.every(Number.isFinite)) throw invalid(path, 'it holds numbers that are not finite')
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    return { receipt, values: Float64Array.from(floats), digest }
  })
}

function readHeader(descriptor: number, path: string) {
  const { tensors, metadata } = readSafetensorsHeader(descriptor, path)
  const tensor = tensors.find(({ name }) => name === TENSOR)
  if (metadata.get('format') !== FORMAT || tensor === undefined) {
    throw invalid(path, 'it is no key covariance')
  }
  const receipt = parseReceipt(metadata.get('receipt') ?? '', path)
  const [rows, columns] = tensor.shape
  if (tensor.dtype !== 'F32' || rows !== receipt.width || columns !== receipt.width) {
    throw invalid(path, `its tensor is ${tensor.dtype} [${tensor.shape.join(', ')}]`)
  }
  return { receipt, tensor }
}

function parseReceipt(text: string, path: string): CovarianceReceipt {
  try {
    const receipt = JSON.parse(text) as CovarianceReceipt
    if (receipt.tokens > 0 && receipt.width > 0 && typeof receipt.weightsDigest === 'string') {
      return receipt
    }
  } catch {
    // Falls through to the refusal below, which is the same for every damage of the receipt.
  }
  throw invalid(path, 'its receipt is damaged')
}

function withFile<T>(path: string, use: (descriptor: number) => T): T {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error))
  }
  try {
    return use(descriptor)
  } catch (error) {
    if (error instanceof LensEngineError && error.code === 'KEY_COVARIANCE_INVALID') throw error
    throw invalid(path, error instanceof Error ? error.message : String(error))
  } finally {
    closeSync(descriptor)
  }
}

function invalid(path: string, reason: string): LensEngineError {
  return new LensEngineError('KEY_COVARIANCE_INVALID', `the key covariance ${path}: ${reason}`, {
    details: { file: path, reason },
    cure: 'Delete it and compute it again with `lens stats`.',
  })
}
