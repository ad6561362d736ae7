// A stored run <-> the engine's request, and the digest that says whether two runs ask the same.
import { createHash } from 'node:crypto'
import type { LensRequest } from '../../engine/engine-vocabulary.js'
import { lensKinds, matrixNames, targetModes } from '../../vocabulary/names.js'
import type {
  LensKindKey,
  MatrixNameKey,
  ProviderChoiceKey,
  TargetModeKey,
} from '../../vocabulary/names.js'

export interface RunQuestion {
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  readonly targetMode: TargetModeKey
  readonly lens: LensKindKey
  readonly topK: number
  readonly matrices: readonly MatrixNameKey[]
  readonly provider: ProviderChoiceKey
}

/** What the engine is asked; token ids, so that what was checked is what is run. */
export function toLensRequest(question: RunQuestion): LensRequest {
  return {
    prompt: { ids: question.promptIds },
    target: { ids: question.targetIds },
    targetMode: targetModes.toEngine(question.targetMode),
    lens: lensKinds.toEngine(question.lens),
    topK: question.topK,
    matrices: question.matrices.map(matrixNames.toEngine),
  }
}

/**
 * SHA-256 of a question to a model, independent of the order in which its matrices were named. A device asked for by
 * name is part of it, and so are the contents of the edits that the model runs under; `AUTO` and no edits add nothing, so
 * that digests from before either could be chosen still hold.
 */
export function digestQuestion(
  modelDigest: string,
  question: RunQuestion,
  edits: readonly string[] = [],
): string {
  const { promptIds, targetIds, targetMode, lens, topK } = question
  const matrices = [...question.matrices].sort()
  const asked = [1, modelDigest, promptIds, targetIds, targetMode, lens, topK, matrices]
  const { provider } = question
  const device = provider === 'AUTO' ? [] : [provider]
  const text = JSON.stringify([...asked, ...device, ...(edits.length === 0 ? [] : [{ edits }])])
  return createHash('sha256').update(text).digest('hex')
}
