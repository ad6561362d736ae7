// A made-up run and grid of any size for the tests of this folder.
import type { LensGridPartsFragment, LensRunPartsFragment } from '../../graphql/generated/graphql'

export const TARGET_ID = 7

export function sampleGrid(
  layers: number,
  positions: number,
  change: Partial<LensGridPartsFragment> = {},
): LensGridPartsFragment {
  const each = <T>(value: (layer: number, position: number) => T) =>
    Array.from({ length: layers * positions }, (_, index) =>
      value(Math.floor(index / positions), index % positions),
    )
  const silent = (layer: number, position: number) =>
    layer === layers - 1 && position < positions - 1
  return {
    matrix: 'MLP_DOWN',
    factor: 'VJP',
    layers,
    positions,
    norm: each((layer, position) =>
      silent(layer, position) ? 0 : 0.1 * (layer + 1) + 0.01 * position,
    ),
    inputNorm: each((layer) => 4 + layer),
    vjpNorm: each((layer, position) =>
      silent(layer, position) ? 0 : 0.1 * (layer + 1) + 0.01 * position,
    ),
    masked: each(silent),
    targetRank: each((layer, position) => (silent(layer, position) ? -1 : 990 + (position % 10))),
    answerRank: each((layer, position) => (silent(layer, position) ? -1 : 2)),
    topIds: each((layer, position) => 20 + ((layer + position) % 5)),
    topProbabilities: each(() => 0.5),
    bottomIds: each((_, position) => (position === positions - 1 ? TARGET_ID : 30)),
    bottomProbabilities: each(() => 1e-8),
    ...change,
  } as LensGridPartsFragment
}

export function sampleRun(
  layers: number,
  positions: number,
  change: Partial<LensRunPartsFragment> = {},
): LensRunPartsFragment {
  const texts: Record<string, string> = { '7': ' Berlin', '30': ' =sum' }
  for (let id = 20; id < 25; id++) texts[id] = ` top${id}`
  return {
    id: 'run-1',
    promptText: 'The capital of France is',
    targetText: ' Berlin',
    targetMode: 'FIRST',
    provider: 'AUTO',
    lens: 'FINAL_NORM',
    state: 'DONE',
    model: { id: 'm', name: 'tiny', layers, vocabularySize: 1000 },
    tokens: Array.from({ length: positions }, (_, index) => ({ id: index, text: ` t${index}` })),
    promptLength: positions,
    rankedTarget: { id: TARGET_ID, text: ' Berlin' },
    targetTokens: [{ id: TARGET_ID, text: ' Berlin' }],
    matrices: ['MLP_UP', 'MLP_DOWN'],
    texts,
    gradientRank: [],
    gradientCheck: [],
    editIds: [],
    configDigest: 'sha256:00',
    ...change,
  } as unknown as LensRunPartsFragment
}
