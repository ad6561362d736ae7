// The services of neurons.
import type { Database, RunNotifications } from '../database/index.js'
import type { ModelLibrary } from '../engine/model-library.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import type { EditQuestions } from '../features/edit/edit-questions.js'
import type { EditService } from '../features/edit/edit.service.js'
import type { ModelService } from '../features/model/model.service.js'
import { NeuronSurveyRepository } from '../features/neuron/neuron-survey.repository.js'
import { NeuronSurveyService } from '../features/neuron/neuron-survey.service.js'
import { NeuronRepository } from '../features/neuron/neuron.repository.js'
import { NeuronService } from '../features/neuron/neuron.service.js'
import { ScaleNeuronService } from '../features/neuron/scale-neuron.service.js'

export interface NeuronServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly accounts: AccountRepository
  readonly models: ModelService
  readonly library: ModelLibrary
  readonly edits: EditService
  readonly questions: EditQuestions
}

export function createNeuronServices(parts: NeuronServicesParts) {
  const { database, models, library } = parts
  const surveys = new NeuronSurveyRepository(database)
  const neurons = new NeuronRepository(database)
  const surveyService = new NeuronSurveyService({ ...parts, surveys })
  return {
    neuronSurveys: surveyService,
    neurons: new NeuronService({ ...{ neurons, surveys, surveyService, models, library } }),
    neuronScales: new ScaleNeuronService({ ...parts, surveys: surveyService }),
  }
}
