// Reference rows of published tables as typed data.
import { memit, rome } from './published-counterfact.js'
import { rowsOf, type PublishedTable } from './published-table.js'
import type { ProtocolName } from './protocols.js'

export const backwardLens: PublishedTable<'backward-lens'> = {
  protocol: 'backward-lens',
  source: 'Backward Lens (Katz et al. 2024), tables 1, 6 and 7',
  spread: 'sd',
  cases: 1000,
  note: 'Single CounterFact edits; 96.37 of fine-tuning (MLP 0) is no multiple of 0.1, so that row had other cases. How the perplexity is averaged is not stated.',
  rows: rowsOf<'backward-lens'>(
    ['efficacy', 'paraphrase', 'neighborhood', 'ngramEntropy', 'perplexity'],
    [
      [
        'GPT-2 XL',
        'no-edit',
        [0.4, 6.31],
        [0.4, 4.45],
        [11.21, 19.77],
        [626.94, 11.56],
        [93.56, 0.0],
      ],
      [
        'GPT-2 XL',
        'fine-tuning (MLP 0)',
        [96.37, 18.7],
        [7.46, 19.44],
        [10.12, 18.02],
        [618.81, 52.74],
        [199.84, 1392.66],
      ],
      [
        'GPT-2 XL',
        'fine-tuning (MLP 35)',
        [100.0, 0.0],
        [46.1, 40.25],
        [5.59, 13.19],
        [618.5, 28.57],
        [103.42, 11.69],
      ],
      [
        'GPT-2 XL',
        'MEND',
        [71.4, 45.19],
        [17.6, 31.47],
        [7.73, 16.27],
        [623.94, 23.14],
        [94.96, 0.66],
      ],
      [
        'GPT-2 XL',
        'ROME',
        [99.4, 7.72],
        [71.9, 37.22],
        [10.91, 19.53],
        [622.78, 20.54],
        [137.38, 786.35],
      ],
      [
        'GPT-2 XL',
        'MEMIT',
        [79.4, 40.44],
        [40.7, 41.64],
        [10.98, 19.44],
        [627.18, 12.29],
        [93.6, 0.11],
      ],
      [
        'GPT-2 XL',
        'forward pass shift',
        [99.4, 7.72],
        [41.55, 41.67],
        [6.02, 14.0],
        [622.45, 21.46],
        [93.66, 1.08],
      ],
    ],
  ),
}

const romeZsre: PublishedTable<'zsre'> = {
  protocol: 'zsre',
  source: 'ROME (Meng et al. 2022), table 1',
  spread: 'ci95',
  cases: 10_000,
  note: 'Half-widths in the table are 0.0 to 0.7 and are not repeated here.',
  rows: rowsOf<'zsre'>(
    ['efficacy', 'paraphrase', 'specificity'],
    [
      ['GPT-2 XL', 'no-edit', [22.2, null], [21.3, null], [24.2, null]],
      ['GPT-2 XL', 'FT', [99.6, null], [82.1, null], [23.2, null]],
      ['GPT-2 XL', 'FT+L', [92.3, null], [47.2, null], [23.4, null]],
      ['GPT-2 XL', 'KE', [65.5, null], [61.4, null], [24.9, null]],
      ['GPT-2 XL', 'KE-zsRE', [92.4, null], [90.0, null], [23.8, null]],
      ['GPT-2 XL', 'MEND', [75.9, null], [65.3, null], [24.1, null]],
      ['GPT-2 XL', 'MEND-zsRE', [99.4, null], [99.3, null], [24.1, null]],
      ['GPT-2 XL', 'ROME', [99.8, null], [88.1, null], [24.2, null]],
      ['GPT-2 Medium', 'no-edit', [18.8, null], [18.1, null], [21.3, null]],
      ['GPT-2 Medium', 'FT+L', [97.2, null], [59.4, null], [20.9, null]],
      ['GPT-2 Medium', 'ROME', [96.6, null], [79.8, null], [21.3, null]],
      ['GPT-2 Large', 'no-edit', [20.6, null], [19.8, null], [22.5, null]],
      ['GPT-2 Large', 'FT+L', [98.3, null], [56.8, null], [22.4, null]],
      ['GPT-2 Large', 'ROME', [99.6, null], [84.7, null], [22.5, null]],
    ],
  ),
}

const memitZsre: PublishedTable<'zsre'> = {
  protocol: 'zsre',
  source: 'MEMIT (Meng et al. 2023), zsRE, 10,000 edits at once; read in two secondary sources',
  spread: 'ci95',
  cases: 10_000,
  note: 'All edits are in the model at the same time: not comparable with single edits.',
  rows: rowsOf<'zsre'>(
    ['score', 'efficacy', 'paraphrase', 'specificity'],
    [
      ['GPT-J', 'no-edit', [26.4, null], [26.4, null], [25.8, null], [27.0, null]],
      ['GPT-J', 'FT-W', [42.1, null], [69.6, null], [64.8, null], [24.1, null]],
      ['GPT-J', 'MEND', [20.0, null], [19.4, null], [18.6, null], [22.4, null]],
      ['GPT-J', 'ROME', [2.6, null], [21.0, null], [19.6, null], [0.9, null]],
      ['GPT-J', 'MEMIT', [50.7, null], [96.7, 0.3], [89.7, 0.5], [26.6, 0.5]],
    ],
  ),
}

const easyedit: PublishedTable<'easyedit'> = {
  protocol: 'easyedit',
  source: 'EasyEdit, README, zsRE',
  spread: 'none',
  cases: null,
  note: 'Bare means.',
  rows: rowsOf<'easyedit'>(
    ['rewriteAccuracy', 'rephraseAccuracy', 'locality', 'portability'],
    [
      ['Llama2-7B', 'FT', [56.94, null], [52.02, null], [96.32, null], [51.03, null]],
      ['Llama2-7B', 'SERAC', [99.49, null], [99.13, null], [100, null], [57.82, null]],
      ['Llama2-7B', 'IKE', [100, null], [99.98, null], [69.19, null], [67.56, null]],
      ['Llama2-7B', 'MEND', [94.24, null], [90.27, null], [97.04, null], [56.95, null]],
      ['Llama2-7B', 'KN', [28.95, null], [28.43, null], [65.43, null], [37.18, null]],
      ['Llama2-7B', 'ROME', [92.45, null], [87.04, null], [99.63, null], [57.47, null]],
      ['Llama2-7B', 'MEMIT', [92.94, null], [85.97, null], [99.49, null], [60.64, null]],
    ],
  ),
}

/** Every published table, in the order of the sources above. */
export const publishedTables = [backwardLens, rome, romeZsre, memit, memitZsre, easyedit] as const

/** Tables of one protocol. */
export function publishedTablesOf(protocol: ProtocolName): readonly PublishedTable[] {
  return publishedTables.filter((table) => table.protocol === protocol) as readonly PublishedTable[]
}
