// Prepared cases and their edits -> generated texts: several cases with different edits continue in one batch.
import { joinDeltas, siteFeeds, sitesOf } from '../edits/shared/delta-sites.js'
import { DeltaContext } from '../edits/shared/delta-context.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { siteName, type DeltaTier } from '../edits/shared/pass-plan.js'
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { generateTexts, type EditedPass } from '../generation/generate-texts.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { groupEdits } from './measure-prompts.js'
import { cleanGeneratedText } from './text/ngram-entropy.js'
import { tokenizerOf, type PreparedCase } from './prepare-case.js'

export interface TextOptions {
  /** Tokens of a text, its prompt's included: 100 in the papers. */
  readonly length: number
  /** The most probable tokens that one is drawn from: 5 in the papers. */
  readonly topK: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}

export interface CaseDeltas {
  readonly prepared: PreparedCase
  /** None: the base model. */
  readonly deltas: readonly MatrixDelta[]
}

/**
 * Texts of each case, with their prompts, cleaned. The draws of a text depend on the seed and its place in the case, so
 * texts before and after an edit differ by the edit alone.
 * @throws RUN_CANCELLED
 */
export async function generateForCases(
  model: LoadedModel,
  cases: readonly CaseDeltas[],
  options: TextOptions,
): Promise<readonly (readonly string[])[]> {
  const texts = Array<readonly string[]>(cases.length)
  for (const group of groupEdits(cases)) {
    const members = group.map((index) => cases[index] as CaseDeltas)
    const written = await generateGroup(model, members, options)
    group.forEach((index, place) => (texts[index] = written[place] as readonly string[]))
  }
  return texts
}

async function generateGroup(
  model: LoadedModel,
  members: readonly CaseDeltas[],
  { length, topK, seed, signal }: TextOptions,
): Promise<readonly (readonly string[])[]> {
  const prompts = members.flatMap(({ prepared }) => prepared.generation)
  const owner = members.flatMap(({ prepared }, place) => prepared.generation.map(() => place))
  const stacks = members.map(({ deltas }) => deltas)
  const edits = stacks.every((one) => one.length === 0) ? null : editedPass(model, stacks, owner)
  const continuations = await generateTexts(model, prompts, {
    length: Math.min(length, model.shape.contextLength),
    sampling: { kind: 'top-k', k: Math.min(topK, model.shape.vocabularySize) },
    seed,
    ...(edits === null ? {} : { edits }),
    ...(signal === undefined ? {} : { signal }),
  })
  const tokenizer = tokenizerOf(model)
  const texts = prompts.map(({ ids }, index) =>
    cleanGeneratedText(tokenizer.decode([...ids, ...(continuations[index] as readonly number[])])),
  )
  return members.map((_, place) => texts.filter((_text, index) => owner[index] === place))
}

/** @param owner the stack that each prompt runs under */
function editedPass(
  model: LoadedModel,
  stacks: readonly (readonly MatrixDelta[])[],
  owner: readonly number[],
): EditedPass {
  const lab = new EditLab(model)
  for (const delta of stacks.flat()) lab.checkWidths(delta)
  const joined = stacks.map(joinDeltas)
  const alone = stacks.some((stack) => stack.some(({ kind }) => kind === 'dense'))
  const tier: DeltaTier = alone ? 'shared' : 'each'
  const sites = sitesOf(tier, joined)
  return {
    key: sites.map(siteName).join(' '),
    makeContext: (builder) =>
      new DeltaContext({ builder, weights: model.weights, sites, vectorsAt: null }),
    feeds: (elements) => {
      const fed = alone ? joined : elements.map((element) => joined[owner[element] as number] ?? [])
      return Object.assign(
        {},
        ...sites.map((site) => siteFeeds(site, fed, lab.widths(site.address))),
      ) as ReturnType<EditedPass['feeds']>
    },
  }
}
