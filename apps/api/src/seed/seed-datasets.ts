// The demo's data set and slices: the facts that come with Imprint, and those of them that tables are computed on.
import type { Viewer } from '../features/account/viewer.js'
import type { Services } from '../services.js'

/** Facts that no hyperparameter was chosen with and no editor was trained on. */
const slices = [
  { name: '1,000 facts for tables', first: 1_000 },
  { name: '100 facts', first: 100 },
] as const

/** Idempotent; returns how many data sets there are. */
export async function seedDatasets(services: Services, viewer: Viewer): Promise<number> {
  const datasetId = await services.bundledDataset.ensure(viewer)
  if (datasetId === null) return 0
  for (const { name, first } of slices) {
    const rows = await services.datasetCases.after(datasetId, 0, first)
    const caseIds = rows.map(({ record }) => record.id)
    const clientMutationId = `demo: ${name} of ${datasetId}`
    await services.slices.create(viewer, { datasetId, name, caseIds, clientMutationId })
  }
  return 1
}
