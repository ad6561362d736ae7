// Figure 4: the least probable token of every VJP of `mlp.down` of one prompt.
import { LensEngineError } from '../../errors.js'
import type { FigureBody } from './figure-body.js'
import type { FigureTableRow } from '../figure-data.js'
import type { FigureOptions } from '../figure-estimates.js'
import { upTo } from '../observation-readings.js'
import type { PromptObservation } from '../prompt-observation.js'

export function drawProjectionTable(
  observations: readonly PromptObservation[],
  { caseId }: FigureOptions,
): FigureBody {
  const shown = choosePrompt(observations, caseId)
  const layers = upTo(shown?.layers ?? 0)
  return {
    x: { label: 'layer', scale: 'linear' },
    y: { label: 'token of the prompt', scale: 'linear', names: shown?.projection.tokens ?? [] },
    color: { label: 'norm of delta_i', scale: 'linear' },
    form: 'table',
    prompts: shown === null ? 0 : 1,
    series: [],
    columns: layers.map(String),
    rows: shown === null ? [] : rowsOf(shown),
    notes: shown === null ? [] : [describePrompt(shown)],
  }
}

function rowsOf({ layers, projection }: PromptObservation): readonly FigureTableRow[] {
  return projection.tokens.map((name, position) => ({
    name,
    cells: upTo(layers).map((layer) => {
      const text = projection.least[position * layers + layer] ?? null
      const norm = projection.norms[position * layers + layer] as number
      return { text: text ?? '–', value: text === null ? null : norm }
    }),
  }))
}

const describePrompt = ({ caseId, projection, target, answer }: PromptObservation): string =>
  `Case ${caseId}: "${projection.tokens.join('')}" with the target "${target.text}"; the model's own answer is "${answer.text}".`

/** @throws BAD_ARGUMENT when no observed prompt is of that case */
function choosePrompt(
  observations: readonly PromptObservation[],
  caseId: string | undefined,
): PromptObservation | null {
  if (caseId === undefined) return observations[0] ?? null
  const found = observations.find((one) => one.caseId === caseId)
  if (found !== undefined) return found
  throw new LensEngineError('BAD_ARGUMENT', `no prompt of case ${caseId} was observed`, {
    details: { caseId },
    cure: 'Name a case of the slice that was not skipped.',
  })
}
