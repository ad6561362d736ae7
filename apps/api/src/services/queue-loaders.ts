// The loaders of what waits: the whole queue and the usual times are read once for all rows of an answer.
import type DataLoader from 'dataloader'
import type { Services } from '../services.js'
import { loaderOf } from './loader-of.js'

export interface QueueLoaders {
  /** Places in the queue, 1 = next; null of what does not wait. */
  readonly taskPlace: DataLoader<string, number | null>
  readonly runPlace: DataLoader<string, number | null>
  /** By model: what an edit by each method, and a run, usually takes. */
  readonly methodSeconds: DataLoader<string, ReadonlyMap<string, number>>
  readonly runSeconds: DataLoader<string, number | null>
}

const nothingKnown: ReadonlyMap<string, number> = new Map()

export const createQueueLoaders = ({
  runs,
  editProgress,
}: Pick<Services, 'runs' | 'editProgress'>): QueueLoaders => ({
  taskPlace: loaderOf(() => editProgress.queuePositions(), null),
  runPlace: loaderOf(() => runs.queuePositions(), null),
  methodSeconds: loaderOf(async (modelIds) => {
    const asked = modelIds.map(async (id) => [id, await editProgress.typicalSeconds(id)] as const)
    return new Map(await Promise.all(asked))
  }, nothingKnown),
  runSeconds: loaderOf((modelIds) => runs.typicalSeconds(modelIds), null),
})
