// The bundled facts with other answers, read by the engine's own reader.
import { existsSync } from 'node:fs'
import { loadDataset } from '@imprint/lens-engine'
import type { EvaluationCase } from '@imprint/lens-engine'

/** Every case of the file; none where it is absent. @throws DATASET_INVALID */
export async function readFactCases(path: string): Promise<readonly EvaluationCase[]> {
  return existsSync(path) ? (await loadDataset({ path })).cases : []
}
