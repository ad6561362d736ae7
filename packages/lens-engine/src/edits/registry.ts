// Every edit method, by the name it has on the command line and in the API.
import { LensEngineError } from '../errors.js'
import { editMethodNames, type EditMethod, type EditMethodName } from './edit-method.js'
import { alphaedit } from './alphaedit/alphaedit.js'
import { forwardShift } from './forward-shift/forward-shift.js'
import { ft, ftL } from './ft/ft.js'
import { memit } from './memit/memit.js'
import { mend } from './mend/mend.js'
import { noEdit } from './no-edit/no-edit.js'
import { randomLayer } from './random-layer/random-layer.js'
import { rome, rRome } from './rome/rome.js'
import { scaleNeuron } from './scale-neuron/scale-neuron.js'
import { sgd } from './sgd/sgd.js'

/** One line for each method. */
export const editMethods: readonly EditMethod[] = [
  forwardShift,
  sgd,
  ft,
  ftL,
  rome,
  rRome,
  memit,
  mend,
  alphaedit,
  noEdit,
  randomLayer,
  scaleNeuron,
]

/** @throws BAD_ARGUMENT naming the methods there are */
export function findEditMethod(name: string): EditMethod {
  const found = editMethods.find((method) => method.name === name)
  if (found !== undefined) return found
  const names = editMethods.map((method) => method.name).join(', ')
  throw new LensEngineError('BAD_ARGUMENT', `there is no edit method "${name.slice(0, 60)}"`, {
    details: { method: name.slice(0, 60), known: names },
    cure: `Use one of: ${names}.`,
  })
}

export const isEditMethodName = (name: string): name is EditMethodName =>
  editMethodNames.includes(name as EditMethodName)
