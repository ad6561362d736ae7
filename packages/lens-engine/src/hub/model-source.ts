// What a user writes to name a model to add -> a directory, a GGUF file, or a repository of a Hugging Face hub.
import { LensEngineError } from '../errors.js'

/** A repository of a hub, and what of it is wanted. */
export interface HubSource {
  readonly kind: 'hub'
  /** `owner/name` */
  readonly repository: string
  /** Branch, tag or commit; null for `main`. */
  readonly revision: string | null
  /** Path of one GGUF file in the repository; null for the model in Hugging Face layout. */
  readonly file: string | null
}

/** Where a model to add is. Paths are as the user wrote them and need not exist. */
export type ModelSource =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'gguf'; readonly path: string }
  | HubSource

const hubPrefix = 'hf:'
const form = 'hf:owner/name[@revision][:file.gguf]'
const example = 'for example hf:openai-community/gpt2 or hf:owner/name@main:model-q8_0.gguf'
const repositoryPart = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?$/
const revisionPart = /^[A-Za-z0-9_][A-Za-z0-9._+@-]{0,127}$/
const filePart = /^[A-Za-z0-9_+][A-Za-z0-9._+ ()=,-]{0,199}$/
const maximumLength = 4096

/**
 * Reads `hf:owner/name[@revision][:file.gguf]`, a path that ends in `.gguf`, or else the path of a directory.
 * Nothing is opened. @throws BAD_ARGUMENT naming the part that cannot be and how to write it
 */
export function parseModelSource(text: string): ModelSource {
  const wanted = text.trim()
  if (wanted === '' || wanted.includes('\0') || wanted.length > maximumLength)
    throw badSource(text, 'it is empty, too long, or holds a NUL character')
  if (wanted.toLowerCase().startsWith(hubPrefix)) return parseHubSource(text, wanted.slice(3))
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(wanted)) throw badSource(text, 'addresses are not read')
  return { kind: /\.gguf$/i.test(wanted) ? 'gguf' : 'directory', path: wanted }
}

/** The source as a user writes it; with `revision`, pinned to that one. */
export function formatHubSource(source: HubSource, revision = source.revision): string {
  const pin = revision === null ? '' : `@${revision}`
  return `${hubPrefix}${source.repository}${pin}${source.file === null ? '' : `:${source.file}`}`
}

/** Whether the text is a path inside a repository: no way up, no root, no control characters, no backslash. */
export function isRepositoryPath(path: string): boolean {
  return path.length <= 400 && path.split('/').every((part) => filePart.test(part) && plain(part))
}

/** @throws BAD_ARGUMENT for a revision that no branch, tag or commit can be called */
export function checkRevision(revision: string): string {
  const parts = revision.split('/')
  if (revision.length <= 200 && parts.every((part) => revisionPart.test(part) && plain(part)))
    return revision
  throw badSource(revision, 'the revision is no branch, tag or commit')
}

function parseHubSource(text: string, rest: string): HubSource {
  const colon = rest.indexOf(':')
  const file = colon < 0 ? null : rest.slice(colon + 1)
  const [repository = '', ...revisions] = (colon < 0 ? rest : rest.slice(0, colon)).split('@')
  const parts = repository.split('/')
  if (parts.length !== 2 || !parts.every((part) => repositoryPart.test(part) && plain(part)))
    throw badSource(text, 'the repository is not owner/name')
  if (file !== null && !(isRepositoryPath(file) && /\.gguf$/i.test(file)))
    throw badSource(text, 'the file is not the path of a .gguf file in the repository')
  const revision = revisions.length === 0 ? null : checkRevision(revisions.join('@'))
  return { kind: 'hub', repository, revision, file }
}

function plain(part: string): boolean {
  return !part.includes('..') && !part.endsWith(' ')
}

function badSource(text: string, why: string): LensEngineError {
  const shown = text.slice(0, 120)
  return new LensEngineError('BAD_ARGUMENT', `no model is at ${JSON.stringify(shown)}: ${why}`, {
    details: { source: shown },
    cure: `Write ${form}, ${example}; or the path of a directory or of a .gguf file.`,
  })
}
