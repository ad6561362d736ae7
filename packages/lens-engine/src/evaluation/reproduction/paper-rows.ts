// The tables that can be repeated: which row is which method with which settings, for the models they are of.
import type { EditMethodName } from '../../edits/edit-method.js'
import type { HyperparameterValues } from '../../edits/hyperparameters.js'
import type { PublishedTable } from '../metrics/published-table.js'
import { rome as romeTable } from '../metrics/published-counterfact.js'
import { backwardLens as lensTable } from '../metrics/published-tables.js'

export const paperNames = ['backward-lens', 'rome'] as const

export type PaperName = (typeof paperNames)[number]

/** A row that can be repeated. */
export interface PaperRow {
  readonly published: string
  readonly method: EditMethodName
  /** The layer the row is named after; other rows edit where the method's defaults say. */
  readonly layer?: number
  /** Where the defaults for the paper's models are not the row's settings. */
  readonly hyperparameters?: HyperparameterValues
  readonly note: string
}

export interface PaperModel {
  readonly name: string
  readonly family: string
  readonly layers: number
  readonly width: number
  /** Cases of its rows. */
  readonly cases: number
}

export interface PaperTable {
  readonly title: string
  readonly published: PublishedTable
  /** The first is the paper's main model. */
  readonly models: readonly [PaperModel, ...PaperModel[]]
  /** Layers of the model that rows are named after. */
  readonly depth: number
  readonly rows: readonly PaperRow[]
  readonly notes: readonly string[]
}

const xl = { name: 'GPT-2 XL', family: 'gpt2', layers: 48, width: 1600 } as const

const base: PaperRow = { published: 'no-edit', method: 'no-edit', note: 'the unedited model' }
const mendRow = (published: string, trained: string): PaperRow => ({
  published,
  method: 'mend',
  hyperparameters: { statistics: 'training-mode' },
  note: `in the mode of the published evaluation; the published editor was trained on ${trained}, this one by \`lens train-mend\``,
})

const perplexity =
  'Perplexity is not computed here: how the paper averages it over its 100 sentences is not stated.'
const references = 'The reference score is not computed here: it needs texts about every answer.'
const noStatistics =
  'Key covariances are those of `lens stats`; the papers used 100,000 articles of Wikipedia.'

export const paperTables: Readonly<Record<PaperName, PaperTable>> = {
  'backward-lens': {
    title: 'Backward Lens (Katz et al. 2024), table 1: single edits of CounterFact',
    published: lensTable as PublishedTable,
    models: [{ ...xl, cases: 1000 }],
    depth: 48,
    rows: [
      base,
      {
        published: 'fine-tuning (MLP 0)',
        method: 'ft-l',
        layer: 0,
        note: "read as the constrained configuration of ROME's code, which edits layer 0; the paper names only the layer",
      },
      {
        published: 'fine-tuning (MLP 35)',
        method: 'ft',
        layer: 35,
        note: "its configuration is not published: that of ROME's code, at layer 35",
      },
      mendRow('MEND', 'texts of Wikipedia'),
      { published: 'ROME', method: 'rome', note: "the configuration of ROME's code" },
      { published: 'MEMIT', method: 'memit', note: "the configuration of MEMIT's code" },
      {
        published: 'forward pass shift',
        method: 'forward-shift',
        note: 'layer 35 and rate 0.24, as in the code',
      },
    ],
    notes: [perplexity, noStatistics],
  },
  rome: {
    title: 'ROME (Meng et al. 2022), table 4: single edits of CounterFact',
    published: romeTable as PublishedTable,
    models: [
      { ...xl, cases: 7500 },
      { name: 'GPT-2 Medium', family: 'gpt2', layers: 24, width: 1024, cases: 7500 },
      { name: 'GPT-2 Large', family: 'gpt2', layers: 36, width: 1280, cases: 7500 },
      { name: 'GPT-J', family: 'gptj', layers: 28, width: 4096, cases: 2000 },
    ],
    depth: 48,
    rows: [
      base,
      { published: 'FT', method: 'ft', note: "the configuration of ROME's code" },
      { published: 'FT+L', method: 'ft-l', note: "the configuration of ROME's code" },
      mendRow('MEND', 'texts of Wikipedia'),
      { published: 'ROME', method: 'rome', note: "the configuration of ROME's code" },
    ],
    notes: [
      references,
      noStatistics,
      'KN, KE and the editors trained on CounterFact (KE-CF, MEND-CF) are not repeated.',
    ],
  },
}

/** The layer of a row on a model: the paper's own, or the one at the same relative depth; null where it names none. */
export function layerOf(
  { layer }: PaperRow,
  {
    depth,
    layers,
    same,
  }: { readonly depth: number; readonly layers: number; readonly same: boolean },
): number | null {
  if (layer === undefined) return null
  return same ? layer : Math.min(layers - 1, Math.round((layer / depth) * layers))
}
