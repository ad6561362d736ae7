// A computed edit -> the few numbers of it that lists show.
import type { ComputedEdit, EditEffect } from '../../engine/engine-vocabulary.js'
import { editWarningLevels } from '../../vocabulary/edit-names.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { EditSummary } from './edit.type.js'

type PromptEffect = EditEffect['prompts'][number]

export function summarize({ edit, effect, growth, predicted }: ComputedEdit): EditSummary {
  const { deltas } = edit
  const levels = growth.map(({ level }) => editWarningLevels.keys.indexOf(levelKey(level)))
  const rewrite = effect.prompts.find(({ kind }) => kind === 'rewrite')
  const ranks = deltas.map((delta) => (delta.kind === 'low-rank' ? delta.rank : null))
  return {
    level: editWarningLevels.keys[Math.max(0, ...levels)] ?? 'FINE',
    targetBefore: rewrite?.before.targetProbability ?? null,
    targetAfter: rewrite?.after.targetProbability ?? null,
    predictedLogitChange: predicted[0]?.predicted ?? null,
    measuredLogitChange: predicted[0]?.measured ?? null,
    paraphraseAccuracy: shareOf(effect, 'paraphrase', ({ after }) => after.argmaxIsTarget),
    neighborhoodAccuracy: shareOf(effect, 'neighborhood', ({ after }) => after.argmaxIsTruth),
    layers: unique(deltas.map(({ address }) => address.layer)).sort((a, b) => a - b),
    matrices: unique(deltas.map(({ address }) => matrixNames.fromEngine(address.matrix))),
    rank: ranks.length === 0 || ranks.includes(null) ? null : Math.max(...(ranks as number[])),
  }
}

const levelKey = (level: string) => editWarningLevels.fromEngine(level)

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)]

/** Of the prompts of a kind about which it is known; null when there are none. */
function shareOf(
  { prompts }: EditEffect,
  kind: PromptEffect['kind'],
  holds: (prompt: PromptEffect) => boolean | null,
): number | null {
  const known = prompts.filter((one) => one.kind === kind).flatMap((one) => holds(one) ?? [])
  return known.length === 0 ? null : known.filter(Boolean).length / known.length
}
