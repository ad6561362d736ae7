// Observations of prompts -> one figure with means and intervals. Pure: no model and no runtime.
import { LensEngineError } from '../errors.js'
import type { FigureData, FigureKind, NamedObservations } from './figure-data.js'
import { DEFAULT_LEVEL, type FigureOptions } from './figure-estimates.js'
import { figureInfo, figureKinds } from './figure-kinds.js'
import { isObservation, type ObservedPrompt, type PromptObservation } from './prompt-observation.js'
import type { FigureBody, ObservationSet } from './kinds/figure-body.js'
import { drawGradientRank } from './kinds/gradient-rank.js'
import { drawNormsBySegment, drawTargetRankBySegment } from './kinds/by-segment.js'
import { drawInputNorms, drawSubmoduleNorms } from './kinds/matrix-norms.js'
import { drawProjectionTable } from './kinds/projection-table.js'
import { drawAnswerRanks, drawNormalizedRanks } from './kinds/token-ranks.js'
import { drawSmallestStep } from './kinds/smallest-steps.js'
import { drawVjpCosine } from './kinds/vjp-cosines.js'

type FigureBuilder = (
  observations: readonly PromptObservation[],
  options: FigureOptions,
  sets: readonly ObservationSet[],
) => FigureBody

const builders: Readonly<Record<FigureKind, FigureBuilder>> = {
  'gradient-rank': drawGradientRank,
  'projection-table': drawProjectionTable,
  'norms-by-segment': drawNormsBySegment,
  'target-rank-by-segment': drawTargetRankBySegment,
  'submodule-norms': drawSubmoduleNorms,
  'input-norms': drawInputNorms,
  'ranks-normalized-layer': drawNormalizedRanks,
  'answer-ranks': drawAnswerRanks,
  'vjp-cosine': drawVjpCosine,
  'smallest-step': drawSmallestStep,
}

/** Kinds that lay models side by side. */
const overlaid: ReadonlySet<FigureKind> = new Set<FigureKind>(['ranks-normalized-layer'])

/**
 * A figure of the prompts observed so far; with none it has no series. The order of the observations does not matter, and
 * prompts that were skipped are left out.
 * @param source observations of one model, or, for `ranks-normalized-layer`, of several by name
 * @throws BAD_ARGUMENT for an unknown kind, several models where a figure takes one, or prompts of different models in a set
 */
export function buildFigure(
  kind: FigureKind,
  source: readonly ObservedPrompt[] | readonly NamedObservations<ObservedPrompt>[],
  options: FigureOptions,
): FigureData {
  if (!figureKinds.some((one) => one.kind === kind)) throw unknownKind(kind)
  const sets = toSets(source)
  if (sets.length > 1 && !overlaid.has(kind)) throw oneModelOnly(kind)
  for (const { observations } of sets) checkOneModel(observations)
  const observations = sets[0]?.observations ?? []
  return {
    ...figureInfo(kind),
    prompts: Math.max(0, ...sets.map((one) => one.observations.length)),
    level: options.level ?? DEFAULT_LEVEL,
    ...builders[kind](observations, options, sets),
  }
}

function toSets(
  source: readonly ObservedPrompt[] | readonly NamedObservations<ObservedPrompt>[],
): readonly ObservationSet[] {
  const named = source.filter((one): one is NamedObservations<ObservedPrompt> => 'name' in one)
  const sets =
    named.length > 0 ? named : [{ name: '', observations: source as readonly ObservedPrompt[] }]
  return sets.map(({ name, observations }) => ({
    name,
    observations: observations.filter(isObservation).sort(byCase),
  }))
}

/** Resamples draw places, so a figure must not depend on the order in which prompts were done. */
const byCase = (a: PromptObservation, b: PromptObservation): number =>
  a.caseId.length - b.caseId.length || (a.caseId < b.caseId ? -1 : Number(a.caseId > b.caseId))

function checkOneModel(observations: readonly PromptObservation[]): void {
  const shapeOf = ({ layers, vocabularySize, matrices }: PromptObservation): string =>
    JSON.stringify([layers, vocabularySize, matrices.map(({ matrix }) => matrix)])
  const shapes = new Set(observations.map(shapeOf))
  if (shapes.size <= 1) return
  throw new LensEngineError('BAD_ARGUMENT', `the prompts were observed on ${shapes.size} models`, {
    details: { models: shapes.size },
    cure: 'Give the observations of each model as a set of its own.',
  })
}

const unknownKind = (kind: string): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', `no figure is called ${JSON.stringify(kind)}`, {
    details: { kind },
    cure: `Use one of ${figureKinds.map((one) => one.kind).join(', ')}.`,
  })

const oneModelOnly = (kind: FigureKind): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', `the figure ${kind} shows one model`, {
    details: { kind },
    cure: `Give one set of observations; models side by side are shown by ${[...overlaid].join(', ')}.`,
  })
