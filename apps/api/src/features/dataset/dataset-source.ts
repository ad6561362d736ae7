// The text that says where a data set comes from -> which kind of place that is, checked as far as it can be at once.
import path from 'node:path'
import type { ServerPaths } from '../../engine/server-paths.js'
import { UserFailure } from '../../errors/user-failure.js'
import { checkAddress } from './dataset-address.js'
import type { AllowedHosts } from './dataset-address.js'
import type { UploadStore } from './upload-store.js'

export type DatasetSource =
  | { readonly kind: 'upload'; readonly id: string; readonly name: string }
  | { readonly kind: 'path'; readonly path: string; readonly name: string }
  | { readonly kind: 'url'; readonly url: string; readonly name: string }

export interface SourceRules {
  readonly uploads: UploadStore
  readonly paths: ServerPaths
  readonly hosts: AllowedHosts
}

/**
 * @param userId who asks: only their own uploads are there
 * @throws UPLOAD_NOT_FOUND, URL_NOT_ALLOWED, PATH_NOT_ABSOLUTE, PATH_NOT_ALLOWED, FILE_UNREADABLE
 */
export async function readDatasetSource(
  text: string,
  userId: string,
  rules: SourceRules,
): Promise<DatasetSource> {
  const upload = /^upload:(.+)$/.exec(text)?.[1]
  if (upload !== undefined) {
    const { id, name } = await rules.uploads.find(upload, userId)
    return { kind: 'upload', id, name: nameOf(name) }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const { url } = checkAddress(text, rules.hosts)
    return { kind: 'url', url: url.href, name: nameOf(decoded(url.pathname)) }
  }
  const place = serverPath(text, rules.paths)
  return { kind: 'path', path: place, name: nameOf(place) }
}

/** The real path of a file that may be read, in this feature's words. */
export function serverPath(text: string, paths: ServerPaths): string {
  try {
    return paths.resolve(text)
  } catch (error) {
    if (!(error instanceof UserFailure)) throw error
    const [code, message, cure] = wordsFor(error, text)
    throw new UserFailure(code, message, { field: 'source', cure })
  }
}

function wordsFor({ code, message }: UserFailure, text: string): [string, string, string] {
  const shown = text.slice(0, 200)
  if (code === 'PATH_NOT_ABSOLUTE')
    return [code, message, 'Write the path from the root of the server’s disk, or upload the file.']
  if (code === 'PATH_NOT_ALLOWED')
    return [
      code,
      `Data sets may not be read from "${shown}" on this server.`,
      'Upload the file, or have its directory added to IMPRINT_MODEL_DIRECTORIES.',
    ]
  return [
    'FILE_UNREADABLE',
    `There is nothing at ${shown}.`,
    'Check the spelling; the path is read on the server, not on your own machine.',
  ]
}

/** `a/multi_counterfact.json` -> `multi_counterfact`. */
function nameOf(place: string): string {
  return (
    path
      .basename(place)
      .replace(/\.(jsonl?|ndjson)$/i, '')
      .trim() || 'data set'
  )
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}
