// `model.safetensors.index.json` -> which shard holds which tensor. A shard's name is a path, so only plain names pass.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, parseStrictJson, StrictJsonError, type StrictJson } from './strict-json.js'
import { weightsInvalid } from './weights-error.js'

export const shardIndexFile = 'model.safetensors.index.json'

export interface ShardIndex {
  /** Shard file names, sorted. */
  readonly files: readonly string[]
  readonly fileOf: ReadonlyMap<string, string>
}

const maximumIndexBytes = 16 * 2 ** 20
const plainShardName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.safetensors$/

/**
 * Reads the index of a sharded model.
 * @throws WEIGHTS_INVALID with reason BAD_INDEX for bad JSON, a missing `weight_map` or a shard name that is not plain
 */
export function readShardIndex(directory: string): ShardIndex {
  const path = join(directory, shardIndexFile)
  const bad = (message: string) => weightsInvalid('BAD_INDEX', path, message)
  const bytes = statSync(path).size
  if (bytes > maximumIndexBytes) throw bad(`${bytes} bytes, more than ${maximumIndexBytes}`)
  const index = parseIndex(readFileSync(path, 'utf8'), bad)
  const map = isJsonObject(index) ? index.get('weight_map') : undefined
  if (!isJsonObject(map)) throw bad('weight_map is not an object')
  const fileOf = new Map<string, string>()
  for (const [tensor, file] of map) {
    if (typeof file !== 'string' || !plainShardName.test(file))
      throw bad(`the shard of ${JSON.stringify(tensor)} is not a plain .safetensors file name`)
    fileOf.set(tensor, file)
  }
  return { files: [...new Set(fileOf.values())].sort(), fileOf }
}

function parseIndex(text: string, bad: (message: string) => Error): StrictJson {
  try {
    return parseStrictJson(text)
  } catch (error) {
    if (error instanceof StrictJsonError) throw bad(error.message)
    throw error
  }
}
