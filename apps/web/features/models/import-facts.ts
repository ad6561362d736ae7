// An import on its way, in words and numbers that people read.
import type {
  ImportStage,
  ModelImportPartsFragment,
  ModelSourceKind,
} from '../../graphql/generated/graphql'
import { showBytes } from './model-facts'

export const isUnderWay = ({ state }: Pick<ModelImportPartsFragment, 'state'>): boolean =>
  state === 'QUEUED' || state === 'RUNNING'

const STAGES: Readonly<Record<ImportStage, string>> = {
  QUEUED: 'waiting for a worker',
  RESOLVING: 'looking for the files',
  DOWNLOADING: 'downloading',
  VERIFYING: 'comparing checksums',
  IMPORTING: 'checking and converting',
  DONE: 'done',
}

export const KINDS: Readonly<Record<ModelSourceKind, string>> = {
  HUB: 'From the hub',
  DIRECTORY: 'A directory on the server',
  GGUF: 'A GGUF file on the server',
}

/** What it does now, with the file and its place where there are several. */
export function sayStage({
  stage,
  file,
  fileIndex,
  fileCount,
}: Pick<ModelImportPartsFragment, 'stage' | 'file' | 'fileIndex' | 'fileCount'>): string {
  const place =
    typeof fileIndex === 'number' && typeof fileCount === 'number' && fileCount > 1
      ? ` (${fileIndex + 1} of ${fileCount})`
      : ''
  return file ? `${STAGES[stage]} ${file}${place}` : STAGES[stage]
}

/** Between 0 and 1; null while nobody knows. */
export function doneShare({
  receivedBytes,
  totalBytes,
}: Pick<ModelImportPartsFragment, 'receivedBytes' | 'totalBytes'>): number | null {
  if (typeof receivedBytes !== 'number' || !totalBytes) return null
  return Math.min(1, receivedBytes / totalBytes)
}

export function sayBytes({
  receivedBytes,
  totalBytes,
}: Pick<ModelImportPartsFragment, 'receivedBytes' | 'totalBytes'>): string | null {
  if (typeof receivedBytes !== 'number') return null
  return totalBytes
    ? `${showBytes(receivedBytes)} of ${showBytes(totalBytes)}`
    : showBytes(receivedBytes)
}

/** A rounded span of time: an estimate is not known to the second. */
export function saySeconds(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  if (seconds < 55) return `${Math.round(seconds / 5) * 5} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** The newer of two readings of one import. */
export function newer(
  known: ModelImportPartsFragment,
  heard: ModelImportPartsFragment | null | undefined,
): ModelImportPartsFragment {
  return heard && heard.id === known.id && heard.progressVersion > known.progressVersion
    ? heard
    : known
}
