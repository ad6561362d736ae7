// A data set on its way in, in words and numbers that people read.
import type { DatasetImportPartsFragment } from '../../../graphql/generated/graphql'
import { showBytes } from '../../models/model-facts'
import { saySeconds } from '../../models/import-facts'

type Import = DatasetImportPartsFragment

export const isUnderWay = ({ state }: Pick<Import, 'state'>): boolean =>
  state === 'QUEUED' || state === 'RUNNING'

/** The newer of two readings of one import. */
export function newerImport(known: Import, heard: Import | null | undefined): Import {
  return heard && heard.id === known.id && heard.version > known.version ? heard : known
}

/** Between 0 and 1; null while nobody knows. */
export function doneShare({
  receivedBytes,
  totalBytes,
}: Pick<Import, 'receivedBytes' | 'totalBytes'>): number | null {
  return totalBytes ? Math.min(1, receivedBytes / totalBytes) : null
}

export interface Reading {
  /** Milliseconds. */
  readonly at: number
  readonly bytes: number
}

const WINDOW_MS = 5000

/** Readings of the last few seconds with one more; a number that fell starts over. */
export function withReading(readings: readonly Reading[], next: Reading): readonly Reading[] {
  const last = readings.at(-1)
  if (last && next.bytes < last.bytes) return [next]
  if (last && next.bytes === last.bytes && next.at - last.at < 250) return readings
  return [...readings.filter(({ at }) => next.at - at <= WINDOW_MS), next]
}

/** Bytes a second over the readings; null until there are two that are apart. */
export function rateOf(readings: readonly Reading[]): number | null {
  const [first] = readings
  const last = readings.at(-1)
  if (!first || !last || last.at - first.at < 200) return null
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
}

/** "12 MB of 45 MB · 3.1 MB/s · about 10 seconds left". */
export function sayTransfer(
  received: number,
  total: number | null,
  rate: number | null,
  secondsLeft: number | null,
): string {
  const parts = [
    total ? `${showBytes(received)} of ${showBytes(total)}` : showBytes(received),
    rate === null ? null : `${showBytes(rate)}/s`,
    secondsLeft === null ? null : `about ${saySeconds(secondsLeft)} left`,
  ]
  return parts.filter(Boolean).join(' · ')
}

/** A name for a data set from its file or address: the last part without its ending. */
export function nameOfSource(source: string): string {
  const last =
    source
      .replace(/[?#].*$/, '')
      .split(/[\\/]/)
      .filter(Boolean)
      .at(-1) ?? ''
  return last.replace(/\.(jsonl?|csv|tsv|parquet|txt)(\.gz)?$/i, '')
}
