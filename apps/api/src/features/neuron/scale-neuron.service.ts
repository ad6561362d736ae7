// A neuron and a factor -> an edit that multiplies its row of mlp.down: saved, queued and used like every other edit.
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure } from '../../errors/user-failure.js'
import type { Viewer } from '../account/viewer.js'
import { checkPrompt, checkTarget } from '../edit/check-edit.js'
import type { Asked, EditQuestions } from '../edit/edit-questions.js'
import type { EditService } from '../edit/edit.service.js'
import type { Edit } from '../edit/edit.type.js'
import type { EditQuestion } from '../edit/task-input.js'
import type { ModelRow } from '../model/model.repository.js'
import type { NeuronSurveyService } from './neuron-survey.service.js'
import type { ScaleNeuronInput } from './neuron.input.js'

export interface ScaleNeuronParts {
  readonly edits: EditService
  readonly questions: EditQuestions
  readonly surveys: NeuronSurveyService
  readonly library: ModelLibrary
}

const largestFactor = 1_000

export class ScaleNeuronService {
  readonly #parts: ScaleNeuronParts

  constructor(parts: ScaleNeuronParts) {
    this.#parts = parts
  }

  /** @throws UserFailure naming the field; then nothing was written */
  scale(viewer: Viewer, input: ScaleNeuronInput): Promise<Edit> {
    const name = input.name?.trim() || nameOf(input)
    return this.#parts.edits.createAsked(viewer, { ...input, name }, () => this.#ask(viewer, input))
  }

  async #ask(viewer: Viewer, input: ScaleNeuronInput): Promise<Asked<EditQuestion>> {
    const { questions, surveys } = this.#parts
    const model = await questions.usableModel(viewer, input.modelId)
    surveys.checkPlace(model, input)
    const { layer, index: neuron, factor } = input
    checkFactor(factor)
    return {
      model,
      question: {
        method: 'scale-neuron',
        requests: [],
        hyperparameters: { layer, neuron, factor },
        seed: 0,
        onTopOf: [],
        probes: {
          ...{ truth: null, paraphrases: [], neighbors: [], generationPrompts: [] },
          asked: this.#askedPrompts(model, input),
        },
      },
    }
  }

  #askedPrompts({ directory }: ModelRow, { prompt, target }: ScaleNeuronInput) {
    if (typeof prompt !== 'string') return []
    const text = checkPrompt(this.#parts.library, directory, prompt, 'prompt')
    return [{ prompt: text, target: checkTarget(target ?? null, 'target') }]
  }
}

const nameOf = ({ layer, index, factor }: ScaleNeuronInput): string =>
  factor === 0 ? `neuron ${layer}/${index} ablated` : `neuron ${layer}/${index} times ${factor}`

function checkFactor(factor: number): void {
  if (Number.isFinite(factor) && Math.abs(factor) <= largestFactor) return
  throw new UserFailure('BAD_ARGUMENT', `The factor is ${factor}.`, {
    field: 'factor',
    cure: `Use a number from -${largestFactor} to ${largestFactor}; 0 ablates the neuron.`,
  })
}
