// What is known and what goes on before the end.
import { PartialTable } from './partial-table'
import type { LiveEvaluation, Progress } from './progress-model'
import { RunningBatches } from './running-batches'

interface SoFarProps {
  readonly evaluation: LiveEvaluation
  readonly progress: Progress
}

export function SoFar({ evaluation, progress }: SoFarProps) {
  return (
    <>
      <PartialTable evaluation={evaluation} progress={progress} />
      <RunningBatches progress={progress} />
    </>
  )
}
