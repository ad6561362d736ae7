// The table of protocols: which metrics each has, how they come from raw rows, and which mean the score S is made of.
import { meanTextEntropy } from '../text/ngram-entropy.js'
import type { PunktParameters } from '../text/punkt-parameters.js'
import { referenceScore, type TfidfModel } from '../text/tfidf.js'
import type { CaseRow, Side } from './case-row.js'
import { measured, type Measured } from './measured.js'
import {
  agreement,
  allCorrect,
  klToBase,
  overPrompts,
  prefers,
  probabilityGap,
  tokenAccuracy,
} from './prompt-measures.js'

/** What text metrics need beside the rows. */
export interface TextResources {
  /** null: the reference score is not available. */
  readonly tfidf: TfidfModel | null
  /** Absent: untrained Punkt. */
  readonly punkt?: PunktParameters
}

export interface MetricDefinition {
  readonly label: string
  /** One sentence: what is counted, and what it is averaged over. */
  readonly description: string
  /** Of the printed value; empty for plain numbers. */
  readonly unit: string
  /** The tables print the value times this. */
  readonly scale: number
  /** Whether a case is one success or failure, so that exact McNemar applies. */
  readonly binary: boolean
  readonly better: 'higher' | 'lower' | 'neither'
  readonly of: (row: CaseRow, side: Side, resources: TextResources) => Measured
}

export interface ProtocolDefinition {
  readonly title: string
  /** One or two sentences: whose it is and what it asks. */
  readonly description: string
  readonly metrics: Readonly<Record<string, MetricDefinition>>
  /** The metrics whose means' harmonic mean is the score, or null. */
  readonly score: { readonly metric: string; readonly of: readonly string[] } | null
}

type RowMeasure = ReturnType<typeof overPrompts>

const percent = (
  label: string,
  description: string,
  of: RowMeasure,
  binary = false,
): MetricDefinition => ({
  label,
  description,
  unit: '%',
  scale: 100,
  binary,
  better: 'higher',
  of,
})

const gap = (label: string, description: string, of: RowMeasure): MetricDefinition => ({
  ...percent(label, description, of),
  unit: 'percentage points',
})

const entropy = (scale: number): MetricDefinition => ({
  label: 'n-gram entropy',
  description:
    'Entropy of the words of generated texts: a third of that of pairs and two thirds of that of triples; low where a text repeats itself.',
  unit: scale === 1 ? 'bits' : 'bits / 100',
  scale,
  binary: false,
  better: 'higher',
  of: (row, side, { punkt }) => {
    const texts = row[side].generations
    return measured(texts && meanTextEntropy(texts, punkt), 'no text was generated')
  },
})

const reference: MetricDefinition = {
  label: 'reference score',
  description:
    'Cosine between the word frequencies (TF-IDF) of generated texts and of texts about things of which the new answer is true.',
  unit: '%',
  scale: 100,
  binary: false,
  better: 'higher',
  of: (row, side, { tfidf }) => {
    const { generations, references } = row[side]
    if (tfidf === null) return measured(null, 'no idf file was given')
    if (!generations?.length) return measured(null, 'no text was generated')
    if (!references?.length) return measured(null, 'no reference texts were given')
    return measured(referenceScore(tfidf, generations, references), 'not a number')
  },
}

const perplexity: MetricDefinition = {
  label: 'perplexity',
  description: 'Perplexity of the edited model on a plain text.',
  unit: '',
  scale: 1,
  binary: false,
  better: 'lower',
  of: (row, side) => measured(row[side].perplexity, 'no plain text was given'),
}

const divergence: MetricDefinition = {
  label: 'neighborhood KL to the base (nats)',
  description:
    'Kullback-Leibler divergence of the next token after neighborhood prompts: the unedited model from the edited one.',
  unit: 'nats',
  scale: 1,
  binary: false,
  better: 'lower',
  of: overPrompts('neighborhood', klToBase),
}

/** ROME's probability comparisons; with one prompt of each kind, paraphrase and neighborhood are binary too. */
const comparisons = (onePrompt: boolean) => ({
  ES: percent(
    'efficacy success',
    'Cases where the new answer is more probable for each of its tokens than the true one, after the prompt of the edit.',
    overPrompts('rewrite', prefers('new')),
    true,
  ),
  PS: percent(
    'paraphrase success',
    'Paraphrases where the new answer is more probable for each of its tokens than the true one; mean of each case, then over cases.',
    overPrompts('paraphrase', prefers('new')),
    onePrompt,
  ),
  NS: percent(
    'neighborhood success',
    'Prompts about other subjects where the true answer is still the more probable one; mean of each case, then over cases.',
    overPrompts('neighborhood', prefers('true')),
    onePrompt,
  ),
  EM: gap(
    'efficacy magnitude',
    'By how much the new answer is more probable than the true one after the prompt of the edit (geometric mean of its tokens).',
    overPrompts('rewrite', probabilityGap('new')),
  ),
  PM: gap(
    'paraphrase magnitude',
    'By how much the new answer is more probable than the true one after paraphrases (geometric mean of its tokens).',
    overPrompts('paraphrase', probabilityGap('new')),
  ),
  NM: gap(
    'neighborhood magnitude',
    'By how much the true answer is more probable than the new one after prompts about other subjects (geometric mean of its tokens).',
    overPrompts('neighborhood', probabilityGap('true')),
  ),
  KL: divergence,
})

const romeScore = { metric: 'S', of: ['ES', 'PS', 'NS'] } as const

export const protocols = {
  /** ROME (Meng et al. 2022, section 3.4) and MEMIT: two targets compared by NLL per token. */
  counterfact: {
    title: 'CounterFact (ROME/MEMIT)',
    description:
      'ROME and MEMIT ask whether the new answer is more probable than the true one, token by token: on the prompt of the edit (ES), on paraphrases (PS), and the other way round on prompts about other subjects (NS).',
    metrics: { ...comparisons(false), GE: entropy(100), RS: reference },
    score: romeScore,
  },
  /** The same comparisons on EasyEdit's file: one paraphrase, one neighborhood prompt, no generation prompts. */
  'counterfact-reduced': {
    title: 'CounterFact, reduced (EasyEdit file)',
    description:
      "The comparisons of ROME and MEMIT on EasyEdit's file, which has one paraphrase and one prompt about another subject.",
    metrics: comparisons(true),
    score: romeScore,
  },
  /** Backward Lens (Katz et al. 2024, section 7): argmax accuracies, all target tokens. */
  'backward-lens': {
    title: 'Backward Lens',
    description:
      'Backward Lens asks whether every token of the answer is the most probable one: the new answer on the prompt of the edit and on paraphrases, the true one on prompts about other subjects.',
    metrics: {
      efficacy: percent(
        'efficacy (argmax)',
        'Cases where every token of the new answer is the most probable one after the prompt of the edit.',
        overPrompts('rewrite', allCorrect('new')),
        true,
      ),
      paraphrase: percent(
        'paraphrase (argmax)',
        'Paraphrases after which every token of the new answer is the most probable one; mean of each case, then over cases.',
        overPrompts('paraphrase', allCorrect('new')),
      ),
      neighborhood: percent(
        'neighborhood (argmax)',
        'Prompts about other subjects after which every token of the true answer is the most probable one; mean of each case, then over cases.',
        overPrompts('neighborhood', allCorrect('true')),
      ),
      ngramEntropy: entropy(100),
      perplexity,
    },
    score: null,
  },
  /** EasyEdit: partial credit per token; locality is agreement with the model before the edit. */
  easyedit: {
    title: 'EasyEdit',
    description:
      'EasyEdit gives credit for each token of the answer that is the most probable one; locality is agreement with the model before the edit, right or wrong.',
    metrics: {
      rewriteAccuracy: percent(
        'rewrite accuracy',
        'Share of the tokens of the new answer that are the most probable ones after the prompt of the edit.',
        overPrompts('rewrite', tokenAccuracy('new')),
      ),
      rephraseAccuracy: percent(
        'rephrase accuracy',
        'Share of the tokens of the new answer that are the most probable ones after paraphrases.',
        overPrompts('paraphrase', tokenAccuracy('new')),
      ),
      locality: percent(
        'locality (agreement)',
        'Share of the places of the true answer, after prompts about other subjects, where the most probable token is the one before the edit.',
        overPrompts('neighborhood', agreement('true')),
      ),
      portability: percent(
        'portability',
        'Share of the tokens of the answer that are the most probable ones, after questions that follow from the edit.',
        overPrompts('portability', tokenAccuracy('new')),
      ),
      fluency: { ...entropy(1), label: 'fluency (n-gram entropy)' },
    },
    score: null,
  },
  /** zsRE as ROME and MEMIT score it: token accuracies, specificity against the gold answer. */
  zsre: {
    title: 'zsRE',
    description:
      'ROME and MEMIT score zsRE by the share of answer tokens that are the most probable ones; specificity is against the right answers of unrelated questions.',
    metrics: {
      efficacy: percent(
        'efficacy (token accuracy)',
        'Share of the tokens of the new answer that are the most probable ones after the question.',
        overPrompts('rewrite', tokenAccuracy('new')),
      ),
      paraphrase: percent(
        'paraphrase (token accuracy)',
        'Share of the tokens of the new answer that are the most probable ones after the question in other words.',
        overPrompts('paraphrase', tokenAccuracy('new')),
      ),
      specificity: percent(
        'specificity (token accuracy)',
        'Share of the tokens of the right answer that are the most probable ones after unrelated questions.',
        overPrompts('neighborhood', tokenAccuracy('true')),
      ),
    },
    score: { metric: 'score', of: ['efficacy', 'paraphrase', 'specificity'] },
  },
} as const satisfies Readonly<Record<string, ProtocolDefinition>>

export type ProtocolName = keyof typeof protocols

export const protocolNames = Object.keys(protocols) as readonly ProtocolName[]

/** Metrics of a protocol, its score included. */
export type MetricName<P extends ProtocolName> = P extends ProtocolName
  ? | (keyof (typeof protocols)[P]['metrics'] & string)
    | ((typeof protocols)[P]['score'] extends { readonly metric: infer S extends string }
        ? S
        : never)
  : never

/** Name for people; it always carries the protocol, since "efficacy" means something else in each. */
export function metricLabel<P extends ProtocolName>(protocol: P, metric: MetricName<P>): string {
  const { title, metrics, score }: ProtocolDefinition = protocols[protocol]
  const label = metric === score?.metric ? 'score (harmonic mean)' : metrics[metric]!.label
  return `${title}: ${label}`
}
