// The flags that name a data set -> its cases, and the protocol its own paper uses.
import type { DatasetFormat } from '../datasets/dataset-formats.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, readDataset, type DatasetReport } from '../datasets/read-dataset.js'
import { factsRanges, takeRange, type RecordRange } from '../datasets/record-range.js'
import { selectCases } from '../datasets/select-cases.js'
import { LensEngineError } from '../errors.js'
import type { ProtocolName } from '../evaluation/metrics/protocols.js'
import { findRepositoryRoot } from '../models/home.js'

export interface CaseFlags {
  /** A file, or `facts`. */
  readonly dataset: string
  readonly format: DatasetFormat | 'auto'
  readonly records?: RecordRange
  readonly seed: number
}

export interface ChosenCases {
  readonly cases: readonly EvaluationCase[]
  readonly dataset: DatasetReport
}

/**
 * @param part which of the bundled facts are meant when no records are named
 * @param count this many by the seed; all when absent
 */
export async function readCases(
  { dataset, format, records, seed }: CaseFlags,
  part: keyof typeof factsRanges,
  count: number | undefined,
): Promise<ChosenCases> {
  const reader = readDataset({ path: datasetPath(dataset), format })
  const range = records ?? (dataset === 'facts' ? factsRanges[part] : null)
  const slice = { seed, ...(count === undefined ? {} : { count }) }
  const cases = await selectCases(takeRange(reader, range), slice)
  return { cases, dataset: reader.report }
}

/** @throws FILE_UNREADABLE for the bundled facts outside of a clone */
export function datasetPath(name: string): string {
  if (name !== 'facts') return name
  const root = findRepositoryRoot()
  if (root !== null) return factsPath(root)
  throw new LensEngineError('FILE_UNREADABLE', 'the bundled facts are not here', {
    cure: 'Run it inside a clone, or name a file: --dataset counterfact.json.',
  })
}

/** The protocol that a data set's own paper uses; null where its records ask for no edit. */
const usualProtocol: Readonly<Record<DatasetFormat, ProtocolName | null>> = {
  counterfact: 'counterfact',
  easyedit: 'counterfact-reduced',
  zsre: 'zsre',
  known: null,
  imprint: 'counterfact',
}

/** @throws BAD_ARGUMENT for a data set without edits */
export function protocolOf({ format, file }: DatasetReport): ProtocolName {
  const usual = format === null ? null : usualProtocol[format]
  if (usual !== null) return usual
  throw new LensEngineError('BAD_ARGUMENT', `${file} lists facts and asks for no edits`, {
    details: { file, format: format ?? 'unknown' },
    cure: 'Use a data set of edits, such as --dataset facts.',
  })
}

export function rejectionLines({
  rejected,
  records,
  rejections,
}: DatasetReport): readonly string[] {
  if (rejected === 0) return []
  const [first] = rejections
  const example = first === undefined ? '' : `, such as record ${first.record}: ${first.reason}`
  return [`warning: ${rejected} of ${records} records cannot be used${example}`]
}
