// Names and lists of values -> every combination as an arm of one evaluation; what cannot be is refused before anything runs.
import { defaultsFor } from '../../edits/default-hyperparameters.js'
import type { EditMethodName } from '../../edits/edit-method.js'
import {
  completeHyperparameters,
  type HyperparameterValue,
  type HyperparameterValues,
} from '../../edits/hyperparameters.js'
import { findEditMethod } from '../../edits/registry.js'
import { LensEngineError } from '../../errors.js'
import type { LoadedModel } from '../../runtime/load-model.js'

/** Values to try, by hyperparameter. */
export type SweepGrid = ReadonlyMap<string, readonly HyperparameterValue[]>

/** One combination: an arm of the evaluation. */
export interface SweepArm {
  /** Such as `layer=0 valueLearningRate=3`. */
  readonly name: string
  readonly method: EditMethodName
  /** Those of the grid. */
  readonly hyperparameters: HyperparameterValues
}

/** Combinations at most. */
export const SWEEP_LIMIT = 500

/**
 * Every combination, the last name varying fastest.
 * @throws BAD_ARGUMENT for an empty grid, a value that stands twice, too many combinations, or a name or value that the
 * method does not take
 */
export function expandGrid(
  model: LoadedModel,
  method: EditMethodName,
  grid: SweepGrid,
): readonly SweepArm[] {
  const { name, hyperparameters: specs } = findEditMethod(method)
  if (grid.size === 0) {
    const names = specs.map((spec) => spec.name).join(', ')
    const cure = `Name values to try. ${name} takes: ${names === '' ? 'nothing' : names}.`
    throw badGrid('the grid is empty', cure, { method: name })
  }
  const count = [...grid.values()].reduce((product, { length }) => product * length, 1)
  if (count > SWEEP_LIMIT) {
    const cure = `Try at most ${SWEEP_LIMIT}; sweep one part after the other.`
    throw badGrid(`the grid has ${count} combinations`, cure, { combinations: count })
  }
  for (const [hyperparameter, values] of grid) refuseRepeats(hyperparameter, values)
  const defaults = defaultsFor(findEditMethod(method), model).values
  return combine([...grid]).map((hyperparameters) => {
    completeHyperparameters(specs, defaults, hyperparameters, model.shape)
    return { name: nameOf(hyperparameters), method, hyperparameters }
  })
}

function combine(
  grid: readonly (readonly [string, readonly HyperparameterValue[]])[],
): readonly HyperparameterValues[] {
  return grid.reduce<readonly HyperparameterValues[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  )
}

const nameOf = (values: HyperparameterValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ')

const shown = (value: HyperparameterValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function refuseRepeats(hyperparameter: string, values: readonly HyperparameterValue[]): void {
  const texts = values.map((value) => JSON.stringify(value))
  const twice = texts.find((text, place) => texts.indexOf(text) !== place)
  if (values.length > 0 && twice === undefined) return
  const what = twice === undefined ? 'no value' : `the value ${twice} twice`
  throw badGrid(`${hyperparameter} has ${what}`, 'Name each value to try once.', { hyperparameter })
}

const badGrid = (
  message: string,
  cure: string,
  details: Readonly<Record<string, string | number>>,
): LensEngineError => new LensEngineError('BAD_ARGUMENT', message, { details, cure })
