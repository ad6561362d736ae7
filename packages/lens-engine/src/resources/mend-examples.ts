// Facts of a data set -> examples to train an editor for MEND with.
import { takeRange, factsRanges } from '../datasets/record-range.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { selectCases } from '../datasets/select-cases.js'
import type { TrainingExample } from '../edits/mend/training-example.js'
import { LensEngineError } from '../errors.js'
import { createRandom } from '../tensor/seeded-random.js'

export interface ExampleOptions {
  readonly seed: number
  /** Examples to train on at most. */
  readonly examples: number
  /** Examples kept for validation. */
  readonly validation: number
}

export interface ExampleSets {
  readonly examples: readonly TrainingExample[]
  readonly validation: readonly TrainingExample[]
}

/** Of an editor that is trained on the way, and of `lens train-mend`. */
export const defaultExampleOptions: ExampleOptions = { seed: 0, examples: 10_000, validation: 50 }

/**
 * Facts with a new answer and a paraphrase, chosen by the seed, as examples.
 * @throws BAD_ARGUMENT when there are too few beside those for validation
 */
export async function chooseExamples(
  cases: readonly EvaluationCase[],
  { seed, examples, validation }: ExampleOptions,
): Promise<ExampleSets> {
  const usable = cases.filter(
    ({ request, paraphrases }) => request.targetNew !== null && paraphrases.length > 0,
  )
  if (usable.length <= validation + 1) throw tooFew(usable.length, validation)
  const chosen = await selectCases(usable, { count: examples + validation, seed })
  const made = makeExamples(chosen, seed)
  return { examples: made.slice(validation), validation: made.slice(0, validation) }
}

const tooFew = (usable: number, validation: number): LensEngineError =>
  new LensEngineError(
    'BAD_ARGUMENT',
    `the data set has ${usable} facts with a new answer and a paraphrase`,
    {
      details: { usable, validation },
      cure: `Use a data set with more than ${validation + 1} of them, or a smaller --validation.`,
    },
  )

/**
 * Each fact with one of its paraphrases and one of its neighborhood prompts as the text it must not change; the prompt of
 * another fact where it has none.
 */
export function makeExamples(
  cases: readonly EvaluationCase[],
  seed: number,
): readonly TrainingExample[] {
  const random = createRandom(seed).split('mend-examples')
  const order = cases
    .map((one) => ({ one, rank: random.nextFloat() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
  return order.map(({ request, paraphrases, neighbors }, index) => {
    const shift = 1 + random.nextInteger(order.length - 1)
    const other = (order[(index + shift) % order.length] as EvaluationCase).request
    const near = neighbors[random.nextInteger(Math.max(1, neighbors.length))]
    return {
      request: {
        prompt: request.prompt,
        subject: request.subject,
        target: request.targetNew as string,
      },
      paraphrase: paraphrases[random.nextInteger(paraphrases.length)] as string,
      locality: near?.prompt ?? promptOf(other),
    }
  })
}

const promptOf = ({ prompt, subject }: EvaluationCase['request']): string =>
  prompt.replace('{}', () => subject)

/**
 * The bundled facts that are there to train with, without the neighborhood prompts that a table of the other facts asks.
 */
export async function trainingFacts(
  facts: readonly EvaluationCase[],
): Promise<readonly EvaluationCase[]> {
  const asked = new Set<string>()
  for await (const { request, paraphrases, neighbors } of takeRange(
    facts,
    factsRanges.evaluation,
  )) {
    for (const text of [promptOf(request), ...paraphrases]) asked.add(text)
    for (const { prompt } of neighbors) asked.add(prompt)
  }
  const kept: EvaluationCase[] = []
  for await (const one of takeRange(facts, factsRanges.training)) {
    kept.push({ ...one, neighbors: one.neighbors.filter(({ prompt }) => !asked.has(prompt)) })
  }
  return kept
}
