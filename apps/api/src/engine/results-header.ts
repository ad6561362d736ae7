// What an evaluation was made with -> the first line of a results file, and sentences for an appendix.
import { createHash } from 'node:crypto'
import { describeMethods, engineVersion, findEditMethod } from '@imprint/lens-engine'
import type { DescribedArm, EvaluationArm, HeaderRecord } from '@imprint/lens-engine'

type Receipt = Partial<{
  readonly model: HeaderRecord['model']
  readonly contexts: HeaderRecord['contexts']
  readonly covariances: Readonly<Record<string, string>>
  readonly engineVersion: string
  readonly runtimeVersion: string
}>

export interface HeaderArm extends Omit<EvaluationArm, 'method'> {
  readonly method: string
  readonly modelName: string
  readonly receipt: Receipt | null
}

export interface HeaderSource {
  readonly protocol: string
  readonly seed: number
  readonly casesPerBatch: number
  readonly divergence: boolean
  readonly generation: HeaderRecord['generation']
  readonly dataset: Omit<HeaderRecord['dataset'], 'casesDigest'>
  readonly arms: readonly HeaderArm[]
}

/** As `lens evaluate` writes it; of several models the names are joined and the digests are the first one's. */
export function resultsHeader(source: HeaderSource, caseIds: readonly string[]): HeaderRecord {
  const { arms, dataset, protocol, seed, casesPerBatch, divergence, generation } = source
  const receipt = arms.find((arm) => arm.receipt !== null)?.receipt ?? {}
  const name = [...new Set(arms.map(({ modelName }) => modelName))].join(', ')
  const casesDigest = createHash('sha256').update(caseIds.map((id) => `${id}\n`).join(''))
  return {
    ...{ kind: 'header', format: 'imprint-evaluation', version: 1 },
    model: { ...(receipt.model ?? unknownModel), name },
    dataset: { ...dataset, casesDigest: casesDigest.digest('hex') },
    protocol: protocol as HeaderRecord['protocol'],
    arms: arms.map(toArm),
    ...{ seed, casesPerBatch, divergence, generation },
    contexts: receipt.contexts ?? null,
    engineVersion: receipt.engineVersion ?? engineVersion,
    runtimeVersion: receipt.runtimeVersion ?? '',
  }
}

/** Plain paragraphs, divided by empty lines. */
export function methodsText({ arms, protocol, ...same }: HeaderSource): string {
  const receipt = arms.find((arm) => arm.receipt !== null)?.receipt ?? null
  const { engineVersion: engine, runtimeVersion: runtime } = receipt ?? {}
  return describeMethods({
    ...same,
    protocol: protocol as HeaderRecord['protocol'],
    arms: arms.map((arm): DescribedArm => {
      const model = arm.receipt?.model
      const reads = findEditMethod(arm.method).needs.includes('key-covariance')
      const covariances = reads ? arm.receipt?.covariances : undefined
      return {
        ...toArm(arm),
        model: { ...(model ?? unknownModel), name: arm.modelName },
        ...(covariances === undefined ? {} : { covariances }),
      }
    }),
    contexts: receipt?.contexts ?? null,
    ...(engine === undefined ? {} : { engineVersion: engine }),
    ...(runtime === undefined ? {} : { runtimeVersion: runtime }),
  })
}

const toArm = ({ name, method, hyperparameters, defaults }: HeaderArm): EvaluationArm => ({
  ...{ name, hyperparameters, defaults, method: method as EvaluationArm['method'] },
})

/** Of an evaluation whose first row has not been computed. */
const unknownModel: HeaderRecord['model'] = {
  ...{ name: '', family: '', weightsDigest: '', configDigest: '', tokenizerDigest: null },
  ...{ provider: '', dtype: '', threads: 0 },
}
