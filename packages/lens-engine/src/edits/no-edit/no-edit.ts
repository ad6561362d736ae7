// The control that writes nothing: what the model does when it is left alone, measured like every method.
import type { EditMethod } from '../edit-method.js'

export const noEdit: EditMethod = {
  name: 'no-edit',
  title: 'No edit',
  description:
    'Writes nothing. Whatever a table shows for it is what the unchanged model does, so a method has to beat it to have done anything.',
  source: 'A control; no paper.',
  hyperparameters: [],
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults: () => ({ values: {}, source: 'it has no hyperparameters' }),
  compute: () =>
    Promise.resolve({
      outcome: { kind: 'skipped', reason: 'this control never writes anything' },
      deltas: [],
      trace: [],
      warnings: [],
    }),
}
