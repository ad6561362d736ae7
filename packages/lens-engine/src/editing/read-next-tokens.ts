// Prompts -> what the model says next under a stack of edits: top tokens, and how it takes to targets, each token of them
// read after the ones before it.
import type { EditLab } from '../edits/shared/edit-lab.js'
import { tokenText } from '../lens/result-texts.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import type { AskedPrompt, AskedTarget } from './asked-prompts.js'
import { entropyOf, finite, greatest, rankOf, type Distribution } from './distribution.js'
import type { EditToken, NextToken } from './edit-answer.js'

/** How a model takes to one answer. */
interface TargetReading {
  readonly probability: number
  readonly rank: number
  readonly isArgmax: boolean
}

export interface PromptReading {
  readonly distribution: Distribution
  readonly next: NextToken
}

/** Tokens that are shown. */
const TOP_TOKENS = 10

/** One pass, and a second one for answers of several tokens. @throws NOT_FINITE, RUN_CANCELLED */
export async function readNextTokens(
  lab: EditLab,
  prompts: readonly AskedPrompt[],
): Promise<readonly PromptReading[]> {
  const { sequences } = await lab.run({
    sequences: prompts.map(({ ids }) => ({
      ids,
      scored: [{ position: ids.length - 1, tokens: [0] }],
    })),
    head: ['logits', 'log-probabilities'],
  })
  const distributions = sequences.map(({ scored: [place] }): Distribution => {
    const logits = place?.logits as Float32Array
    return { logits, logProbabilities: place?.logProbabilities as Float32Array }
  })
  const tails = await readTails(lab, prompts)
  return prompts.map(({ target, truth }, index) => {
    const distribution = distributions[index] as Distribution
    const read = (wanted: AskedTarget | null, which: Which): TargetReading | null =>
      wanted === null ? null : readTarget(distribution, wanted, tails.get(`${which} ${index}`))
    const readings = { target: read(target, 'target'), truth: read(truth, 'truth') }
    return { distribution, next: describeNext(lab.model.tokenizer, distribution, readings) }
  })
}

type Which = 'target' | 'truth'

/** The tokens of an answer after its first. */
interface Tail {
  readonly logProbability: number
  readonly isArgmax: boolean
}

/** Keyed by which answer and the prompt's index; only answers of several tokens have one. */
async function readTails(
  lab: EditLab,
  prompts: readonly AskedPrompt[],
): Promise<ReadonlyMap<string, Tail>> {
  const long = prompts.flatMap((prompt, index) =>
    (['target', 'truth'] as const).flatMap((which) => {
      const ids = prompt[which]?.ids ?? []
      return ids.length > 1 ? [{ key: `${which} ${index}`, prompt: prompt.ids, ids }] : []
    }),
  )
  if (long.length === 0) return new Map()
  const { sequences } = await lab.run({
    sequences: long.map(({ prompt, ids }) => ({
      ids: [...prompt, ...ids.slice(0, -1)],
      scored: ids.slice(1).map((token, step) => ({
        position: prompt.length + step,
        tokens: [token],
      })),
    })),
    head: ['nll', 'argmax'],
  })
  return new Map(
    long.map(({ key, ids }, index): [string, Tail] => {
      const scored = sequences[index]?.scored ?? []
      const logProbability = -scored.reduce((sum, { nll }) => sum + (nll?.[0] as number), 0)
      return [
        key,
        { logProbability, isArgmax: scored.every(({ argmax }, step) => argmax === ids[step + 1]) },
      ]
    }),
  )
}

function readTarget(distribution: Distribution, { ids }: AskedTarget, tail?: Tail): TargetReading {
  const first = ids[0] as number
  const logProbability = distribution.logProbabilities[first] as number
  const [best] = greatest(distribution.logits, 1)
  return {
    probability: finite(Math.exp(logProbability + (tail?.logProbability ?? 0))),
    rank: rankOf(distribution, first),
    isArgmax: best === first && tail?.isArgmax !== false,
  }
}

function describeNext(
  tokenizer: Tokenizer | null,
  distribution: Distribution,
  { target, truth }: Readonly<Record<Which, TargetReading | null>>,
): NextToken {
  const { logits, logProbabilities } = distribution
  return {
    top: greatest(logits, TOP_TOKENS).map((id): EditToken => {
      const probability = finite(Math.exp(logProbabilities[id] as number))
      return { id, text: tokenText(tokenizer, id), probability, logit: logits[id] as number }
    }),
    targetProbability: target?.probability ?? null,
    targetRank: target?.rank ?? null,
    truthProbability: truth?.probability ?? null,
    truthRank: truth?.rank ?? null,
    argmaxIsTarget: target?.isArgmax ?? null,
    argmaxIsTruth: truth?.isArgmax ?? null,
    entropy: entropyOf(distribution),
  }
}
