// Prompts and their targets -> what the neurons of a layer did in them, by one forward and backward pass of each.
import { addressKey } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { FactorRows } from '../edits/shared/pass-request.js'
import type { TargetMode } from '../lens/lens-result.js'
import { preparePrompt } from '../lens/prepare-prompt.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { addPrompt, emptyActivity, type NeuronActivity } from './neuron-activity.js'
import { checkLayer } from './neuron-vectors.js'

/** A stored run's question, as ids. */
export interface SurveyCase {
  /** Of the run. */
  readonly id: string
  /** Place of the run among those of the survey. */
  readonly place: number
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  readonly targetMode: TargetMode
}

export interface ReadActivityOptions {
  /** What prompts before showed; its arrays are written to. */
  readonly before?: NeuronActivity | null
  readonly signal?: AbortSignal | undefined
  readonly onPrompt?: (done: number) => void
}

/**
 * The loss is that of the run: the scored target tokens' -log p.
 * @throws BAD_ARGUMENT for a layer that is not there; the errors of `preparePrompt`; NOT_FINITE, RUN_CANCELLED
 */
export async function readActivity(
  model: LoadedModel,
  layer: number,
  cases: readonly SurveyCase[],
  { before = null, signal, onPrompt = () => undefined }: ReadActivityOptions = {},
): Promise<NeuronActivity> {
  checkLayer(model, layer)
  const prepared = cases.map(({ promptIds, targetIds, targetMode }) =>
    preparePrompt(model, { prompt: { ids: promptIds }, target: { ids: targetIds }, targetMode }),
  )
  const lab = new EditLab(model, { signal })
  const [up, down] = [
    { layer, matrix: 'mlp.up' },
    { layer, matrix: 'mlp.down' },
  ] as const
  let activity = before ?? emptyActivity(model.shape.innerWidth)
  for (const [index, prompt] of prepared.entries()) {
    const { sequences } = await lab.run({
      sequences: [
        {
          ids: prompt.inputIds,
          scored: prompt.scored.map(({ position, token }) => ({ position, tokens: [token] })),
        },
      ],
      factors: [up, down],
    })
    const factors = sequences[0]?.factors
    const [upRows, downRows] = [up, down].map((at) => factors?.get(addressKey(at)) as FactorRows)
    activity = addPrompt(activity, {
      run: cases[index]?.place as number,
      tokens: prompt.inputIds,
      activations: (downRows as FactorRows).input,
      coefficients: (upRows as FactorRows).vjp,
      inputSquares: rowSquares(upRows as FactorRows),
    })
    onPrompt(index + 1)
  }
  return activity
}

function rowSquares({ input, positions }: FactorRows): Float64Array {
  const width = input.length / positions
  return Float64Array.from({ length: positions }, (_, position) => {
    let sum = 0
    for (const value of input.subarray(position * width, (position + 1) * width))
      sum += value * value
    return sum
  })
}
