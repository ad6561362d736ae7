// What a user writes to name a model to add -> where it is, spelled one way, and the name the model will have.
import path from 'node:path'
import {
  LensEngineError,
  checkModelName,
  formatHubSource,
  parseModelSource,
  toModelName,
} from '@imprint/lens-engine'
import type { ModelSource } from '@imprint/lens-engine'
import { UserFailure } from '../errors/user-failure.js'
import { modelSourceKinds } from '../vocabulary/names.js'
import type { ModelSourceKindKey } from '../vocabulary/names.js'
import type { ServerPaths } from './server-paths.js'

export interface ReadSource {
  readonly kind: ModelSourceKindKey
  /** As it is stored: `hf:…` or an absolute path. */
  readonly source: string
  readonly name: string
}

/** Checks a source and a name without going to the network. @throws UserFailure with the field that is wrong */
export function readModelSource(text: string, name: string | null, paths: ServerPaths): ReadSource {
  const parsed = asUserFailure('source', () => parseModelSource(text))
  const source = parsed.kind === 'hub' ? formatHubSource(parsed) : paths.check(parsed.path)
  if (parsed.kind !== 'hub') paths.resolve(source)
  const chosen = name ?? suggestName(parsed, source)
  asUserFailure('name', () => checkModelName(chosen))
  return { kind: modelSourceKinds.fromEngine(parsed.kind), source, name: chosen }
}

export function sourceKindOf(source: string): ModelSourceKindKey {
  return modelSourceKinds.fromEngine(parseModelSource(source).kind)
}

/** The source with links followed, checked again by the process that opens it. @throws UserFailure, LensEngineError */
export function locateSource(source: string, paths: ServerPaths): ModelSource {
  const parsed = parseModelSource(source)
  return parsed.kind === 'hub' ? parsed : { ...parsed, path: paths.resolve(parsed.path) }
}

function suggestName(parsed: ModelSource, source: string): string {
  const place = parsed.kind === 'hub' ? (parsed.file ?? parsed.repository) : source
  return toModelName(path.posix.basename(place.replaceAll('\\', '/')).replace(/\.gguf$/i, ''))
}

function asUserFailure<Result>(field: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof LensEngineError)) throw error
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
    throw new UserFailure(error.code, message, { field, cure: error.cure })
  }
}
