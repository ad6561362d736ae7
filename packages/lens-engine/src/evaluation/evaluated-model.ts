// What a record of an evaluation says of the model: digests and how it computed, and the contexts sampled from it.
import { findEditMethod } from '../edits/registry.js'
import type { ContextStyle } from '../edits/shared/context-templates.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { EvaluationArm, HeaderRecord } from './evaluation-record.js'

export const describeEvaluatedModel = (
  { files, architecture, tokenizer, provider, dtype, threads }: LoadedModel,
  weightsDigest: string,
): HeaderRecord['model'] => ({
  name: files.name,
  family: architecture.family,
  weightsDigest,
  configDigest: files.configDigest,
  tokenizerDigest: tokenizer?.digest ?? null,
  provider: provider.provider,
  dtype,
  threads,
})

/** Context templates of each style where an arm needs them; null where none does. */
export async function contextsFor(
  arms: readonly Pick<EvaluationArm, 'method'>[],
  sample: (style: ContextStyle) => Promise<readonly string[]>,
): Promise<HeaderRecord['contexts']> {
  const needed = arms.some(({ method }) =>
    findEditMethod(method).needs.includes('context-templates'),
  )
  return needed ? { rome: await sample('rome'), memit: await sample('memit') } : null
}
