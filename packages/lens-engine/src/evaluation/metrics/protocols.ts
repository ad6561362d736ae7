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
  /** The tables print the value times this. */
  readonly scale: number
  /** Whether a case is one success or failure, so that exact McNemar applies. */
  readonly binary: boolean
  readonly better: 'higher' | 'lower' | 'neither'
  readonly of: (row: CaseRow, side: Side, resources: TextResources) => Measured
}

export interface ProtocolDefinition {
  readonly title: string
  readonly metrics: Readonly<Record<string, MetricDefinition>>
  /** The metrics whose means' harmonic mean is the score, or null. */
  readonly score: { readonly metric: string; readonly of: readonly string[] } | null
}

type RowMeasure = ReturnType<typeof overPrompts>

const percent = (label: string, of: RowMeasure, binary = false): MetricDefinition => ({
  label,
  scale: 100,
  binary,
  better: 'higher',
  of,
})

const entropy = (scale: number): MetricDefinition => ({
  label: 'n-gram entropy',
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
  scale: 1,
  binary: false,
  better: 'lower',
  of: (row, side) => measured(row[side].perplexity, 'no plain text was given'),
}

const divergence: MetricDefinition = {
  label: 'neighborhood KL to the base (nats)',
  scale: 1,
  binary: false,
  better: 'lower',
  of: overPrompts('neighborhood', klToBase),
}

/** ROME's probability comparisons; with one prompt of each kind, paraphrase and neighborhood are binary too. */
const comparisons = (onePrompt: boolean) => ({
  ES: percent('efficacy success', overPrompts('rewrite', prefers('new')), true),
  PS: percent('paraphrase success', overPrompts('paraphrase', prefers('new')), onePrompt),
  NS: percent('neighborhood success', overPrompts('neighborhood', prefers('true')), onePrompt),
  EM: percent('efficacy magnitude', overPrompts('rewrite', probabilityGap('new'))),
  PM: percent('paraphrase magnitude', overPrompts('paraphrase', probabilityGap('new'))),
  NM: percent('neighborhood magnitude', overPrompts('neighborhood', probabilityGap('true'))),
  KL: divergence,
})

const romeScore = { metric: 'S', of: ['ES', 'PS', 'NS'] } as const

export const protocols = {
  /** ROME (Meng et al. 2022, section 3.4) and MEMIT: two targets compared by NLL per token. */
  counterfact: {
    title: 'CounterFact (ROME/MEMIT)',
    metrics: { ...comparisons(false), GE: entropy(100), RS: reference },
    score: romeScore,
  },
  /** The same comparisons on EasyEdit's file: one paraphrase, one neighborhood prompt, no generation prompts. */
  'counterfact-reduced': {
    title: 'CounterFact, reduced (EasyEdit file)',
    metrics: comparisons(true),
    score: romeScore,
  },
  /** Backward Lens (Katz et al. 2024, section 7): argmax accuracies, all target tokens. */
  'backward-lens': {
    title: 'Backward Lens',
    metrics: {
      efficacy: percent('efficacy (argmax)', overPrompts('rewrite', allCorrect('new')), true),
      paraphrase: percent('paraphrase (argmax)', overPrompts('paraphrase', allCorrect('new'))),
      neighborhood: percent(
        'neighborhood (argmax)',
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
    metrics: {
      rewriteAccuracy: percent('rewrite accuracy', overPrompts('rewrite', tokenAccuracy('new'))),
      rephraseAccuracy: percent(
        'rephrase accuracy',
        overPrompts('paraphrase', tokenAccuracy('new')),
      ),
      locality: percent('locality (agreement)', overPrompts('neighborhood', agreement('true'))),
      portability: percent('portability', overPrompts('portability', tokenAccuracy('new'))),
      fluency: { ...entropy(1), label: 'fluency (n-gram entropy)' },
    },
    score: null,
  },
  /** zsRE as ROME and MEMIT score it: token accuracies, specificity against the gold answer. */
  zsre: {
    title: 'zsRE',
    metrics: {
      efficacy: percent('efficacy (token accuracy)', overPrompts('rewrite', tokenAccuracy('new'))),
      paraphrase: percent(
        'paraphrase (token accuracy)',
        overPrompts('paraphrase', tokenAccuracy('new')),
      ),
      specificity: percent(
        'specificity (token accuracy)',
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
