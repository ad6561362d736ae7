// How far a run is -> one line for the terminal.
import type { LensStage } from '../lens/run-lens.js'
import type { LensProgress } from '../lens/stream-watch.js'

/** `computing: backward, layer 12 of 32, about 1 min 40 s left ...` Layers are counted from 0, as in the tables. */
export function describeProgress(stage: LensStage, progress?: LensProgress): string {
  if (progress === undefined) return `${stage} ...`
  const { pass, layer, layers, remaining } = progress
  const left = remaining === null ? '' : `, about ${duration(remaining)} left`
  return `${stage}: ${pass}, layer ${layer} of ${layers}${left} ...`
}

function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000))
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
