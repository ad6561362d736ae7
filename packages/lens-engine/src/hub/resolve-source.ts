// A source -> the commit it means and the files of that commit, from the hub or, without one, from the cache.
import { dirname } from 'node:path'
import { LensEngineError } from '../errors.js'
import type { DownloadContext } from './download-file.js'
import type { DownloadOptions } from './download-options.js'
import { fetchCommit, fetchFolder, type HubFile } from './hub-api.js'
import { hubUnreachable } from './hub-error.js'
import { formatHubSource, type HubSource } from './model-source.js'

export interface ResolvedSource {
  readonly commit: string
  readonly listed: readonly HubFile[]
}

/**
 * The commit and its files: from the hub, or from what the cache knows where the hub cannot be asked.
 * @throws as `fetchCommit`; HUB_UNREACHABLE with reason OFFLINE for a source the cache does not know
 */
export async function resolveSource(
  place: Omit<DownloadContext, 'commit'>,
  onNote: DownloadOptions['onNote'],
): Promise<ResolvedSource> {
  const { source, settings, cache } = place
  const revision = source.revision ?? 'main'
  const pinned = /^[0-9a-f]{40}$/.test(revision) ? revision : null
  const folder = source.file?.includes('/') === true ? dirname(source.file) : ''
  const known = pinned === null ? cache.recallCommit(revision) : { commit: pinned, seenAt: '' }
  const listed = known === null ? null : cache.recallFolder(known.commit, folder)
  // A commit never changes, so a list of it never does.
  if (pinned !== null && listed !== null) return { commit: pinned, listed }
  const cached = known === null || listed === null ? null : { commit: known.commit, listed }
  if (settings.offline) return cached === null ? refuseOffline(source) : useCached()
  try {
    const commit = await fetchCommit(source, settings)
    const files =
      cache.recallFolder(commit, folder) ?? (await fetchFolder(source, commit, folder, settings))
    cache.rememberFolder(commit, folder, files)
    cache.rememberCommit(revision, commit)
    return { commit, listed: files }
  } catch (error) {
    if (cached === null || !isUnreachable(error)) throw error
    return useCached(error.message)
  }

  function useCached(why = 'offline'): ResolvedSource {
    onNote?.(
      `The hub was not asked (${why}): ${revision} of ${source.repository} is taken as of ${known!.seenAt}, commit ${cached!.commit}.`,
    )
    return cached!
  }
}

function isUnreachable(error: unknown): error is LensEngineError {
  return (
    error instanceof LensEngineError && ['HUB_UNREACHABLE', 'HUB_RATE_LIMITED'].includes(error.code)
  )
}

function refuseOffline(source: HubSource): never {
  const shown = formatHubSource(source)
  throw hubUnreachable(
    'OFFLINE',
    `${shown} is not in the cache, and the hub is not asked offline`,
    {
      source: shown,
    },
  )
}
