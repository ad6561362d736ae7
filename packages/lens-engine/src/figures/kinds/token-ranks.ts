// Figures 18 to 22: ranks of the target and of the model's own answer, in the VJPs and in what they are written beside.
import type { FigureBody, ObservationSet } from './figure-body.js'
import type { FigureSeries } from '../figure-data.js'
import {
  estimateLines,
  normalizedLayer,
  type FigureOptions,
  type LineToDraw,
} from '../figure-estimates.js'
import { layersOf, readTable, scaled, upTo, where } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'
import { layerAxis, rankAxis } from './by-segment.js'
import { targetNotes } from './target-notes.js'

/** Figures 18 and 19. @param sets one for each model */
export function drawNormalizedRanks(
  _observations: readonly PromptObservation[],
  options: FigureOptions,
  sets: readonly ObservationSet[],
): FigureBody {
  return {
    x: { label: 'layer, from the first (0) to the last (1)', scale: 'linear', domain: [0, 1] },
    y: {
      label: 'mean rank as a share of the vocabulary (1: least probable)',
      scale: 'linear',
      domain: [0, 1],
    },
    form: 'lines',
    series: sets.flatMap((set) => normalizedSeries(set, options)),
    notes: sets.flatMap(({ name, observations }) =>
      targetNotes(observations).map((note) => (name === '' ? note : `${name}: ${note}`)),
    ),
  }
}

function normalizedSeries(
  { name, observations }: ObservationSet,
  options: FigureOptions,
): readonly FigureSeries[] {
  const layers = layersOf(observations)
  const share = ({ vocabularySize }: PromptObservation): number => 1 / (vocabularySize - 1)
  const line = (what: string, table: 'targetRank' | 'answerRank', dash: boolean): LineToDraw => ({
    name: name === '' ? what : `${name}: ${what}`,
    dash,
    readings: upTo(layers).map((layer) =>
      scaled(readTable('mlp.down', table, 'last')(layer), share),
    ),
  })
  const lines = [line('target', 'targetRank', false), line('answer', 'answerRank', true)]
  return estimateLines(observations, lines, normalizedLayer(layers), options)
}

/** Figures 20 to 22. */
export function drawAnswerRanks(
  observations: readonly PromptObservation[],
  options: FigureOptions,
): FigureBody {
  const layers = upTo(layersOf(observations))
  const answer = readTable('mlp.up', 'answerRank', 'last')
  const right = ({ answer: own }: PromptObservation): boolean => own.right === true
  const lines: readonly LineToDraw[] = [
    { name: 'answer, last token', readings: layers.map(answer) },
    {
      name: 'the same, right answers only',
      dash: true,
      readings: layers.map((layer) => where(right, answer(layer))),
    },
    {
      name: 'answer, last subject token',
      readings: layers.map(readTable('mlp.up', 'answerRank', 'last-subject')),
    },
    {
      name: 'target, last token',
      readings: layers.map(readTable('mlp.up', 'targetRank', 'last')),
    },
  ]
  return {
    x: layerAxis(observations),
    y: rankAxis('mean rank in x_i of mlp.up (0: most probable)', observations),
    form: 'lines',
    series: estimateLines(observations, lines, (layer) => layer, options),
    notes: [...rightNote(observations), ...targetNotes(observations)],
  }
}

function rightNote(observations: readonly PromptObservation[]): readonly string[] {
  const judged = observations.filter(({ answer }) => answer.right !== null)
  if (judged.length === 0) return []
  const right = judged.filter(({ answer }) => answer.right === true).length
  return [
    `The model's most probable token begins the true answer of ${right} of ${judged.length} prompts.`,
  ]
}
