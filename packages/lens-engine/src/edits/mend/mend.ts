// MEND: a trained editor turns the gradient of a fact into a change of the same rank that writes it and leaves the rest alone.
import { statSync } from 'node:fs'
import { LensEngineError } from '../../errors.js'
import type { ComputeOptions, EditMethod, EditResources, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import { describeEditedModel } from '../edit-stack.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import type { EditLab } from '../shared/edit-lab.js'
import { checkEditorModel, loadEditor, type LoadedEditor } from './editor-checkpoint.js'
import { computeChange, type StatisticsChoice } from './editor.js'
import { collectTokens, editSequences } from './gradient-tokens.js'

const statistics: HyperparameterSpec = {
  name: 'statistics',
  kind: 'choice',
  default: 'learned',
  choices: {
    learned: 'mean and deviation of the examples of training, fixed',
    'training-mode':
      "as the published evaluation of ROME and MEMIT runs it: the learned statistics are reset, and the edit's own tokens are normalised with what was seen of this edit so far",
  },
  title: 'Statistics',
  explanation:
    'What the gradient is normalised with before the editor reads it. The published evaluation never leaves the training mode, so its first edit throws the learned statistics away; every edit here is such a first one.',
  literature: 'EasyEdit evaluates with learned statistics; the code of ROME and MEMIT does not.',
  unit: '',
}

export const mend: EditMethod = {
  name: 'mend',
  title: 'MEND',
  description:
    'A network that was trained for this model reads the gradient of -log p(target), one pair of vectors for each token and matrix, and answers with another pair. Their outer products, times a learned rate, are added to the matrices. Which matrices, it was trained for.',
  source:
    'Mitchell et al. 2022 (Fast Model Editing at Scale), sections 3.1 to 3.3; the published code where it differs (the change is added).',
  hyperparameters: [statistics],
  needs: ['mend-checkpoint'],
  requestsPerEdit: 'many',
  deriveDefaults: () => ({
    values: { statistics: 'learned' },
    source: 'everything else was settled when the editor was trained',
  }),
  compute,
}

/** @throws MEND_CHECKPOINT_MISSING, MEND_CHECKPOINT_INVALID */
async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  { resources }: ComputeOptions,
): Promise<MethodResult> {
  const { editor, updates } = openEditor(lab, resources)
  const { layout } = editor
  const { sequences, loss } = await lab.run({
    sequences: editSequences(requests),
    factors: layout.matrices.map(({ address }) => address),
  })
  const tokens = collectTokens(layout, sequences)
  const trace = [
    { name: 'loss before the edit', unit: 'nats', values: [loss ?? Number.NaN] },
    { name: 'updates of the editor in training', unit: '', values: [updates] },
  ]
  const choice = values['statistics'] as StatisticsChoice
  const deltas = await computeChange(lab, editor, tokens, choice)
  if (deltas.length === 0) {
    const reason = 'the gradient is exactly zero in every matrix of the editor'
    return { outcome: { kind: 'skipped', reason }, deltas, trace, warnings: [] }
  }
  return { outcome: { kind: 'edited' }, deltas, trace, warnings: warningsOf(updates) }
}

const warningsOf = (updates: number): readonly string[] =>
  updates > 0 ? [] : ['the editor was not trained: it adds the normalised gradient']

/** The editor last used on a model, so that many edits read the file once. */
const opened = new WeakMap<LoadedModel, { readonly file: string; readonly editor: LoadedEditor }>()

function openEditor({ model }: EditLab, resources: EditResources): LoadedEditor {
  const path = resources.mendCheckpoint
  if (path === undefined) throw noEditor(model.files.name)
  const file = identityOf(path)
  const known = opened.get(model)
  const editor = known?.file === file ? known.editor : loadEditor(path)
  checkEditorModel(path, editor.model, describeEditedModel(model))
  opened.set(model, { file, editor })
  return editor
}

/** Differs when the file was written again. */
function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return `${path} ${stat?.ino} ${stat?.mtimeMs} ${stat?.size}`
}

const noEditor = (model: string): LensEngineError =>
  new LensEngineError('MEND_CHECKPOINT_MISSING', 'mend needs an editor trained for this model', {
    details: { model },
    cure: `Train one: \`lens train-mend --model ${model} --dataset counterfact.json --steps 1000\`.`,
  })
