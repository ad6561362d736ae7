// config.json of a model directory -> its bytes' digest and its parsed content.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'

export const configFile = 'config.json'
const maximumConfigBytes = 2 ** 20

export interface ModelConfigFile {
  readonly digest: string
  readonly config: Readonly<Record<string, unknown>>
}

/** Reads config.json. @throws CONFIG_INVALID when it is absent, too large, or no JSON object */
export function readConfig(directory: string): ModelConfigFile {
  const path = join(directory, configFile)
  if (!existsSync(path)) throw configInvalid(path, 'it is absent')
  const { size } = statSync(path)
  if (size > maximumConfigBytes)
    throw configInvalid(path, `${size} bytes, more than ${maximumConfigBytes}`)
  const bytes = readFileSync(path)
  return {
    digest: createHash('sha256').update(bytes).digest('hex'),
    config: parseConfig(bytes, path),
  }
}

/** The settings that the bytes of a config.json hold. @throws CONFIG_INVALID */
export function parseConfig(bytes: Uint8Array, path: string): Readonly<Record<string, unknown>> {
  const config = parse(bytes, path)
  if (typeof config === 'object' && config !== null && !Array.isArray(config))
    return config as Record<string, unknown>
  throw configInvalid(path, 'it is not a JSON object')
}

function parse(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw configInvalid(
      path,
      error instanceof Error ? error.message.slice(0, 120) : 'it is not JSON',
    )
  }
}

function configInvalid(path: string, why: string): LensEngineError {
  return new LensEngineError('CONFIG_INVALID', `${path}: ${why}`, {
    details: { file: path },
    cure: 'Use the config.json that was published with the weights.',
  })
}
