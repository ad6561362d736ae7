// Neurons.
import type { OperationsOf } from './operations-of.js'

export const neuronsOperations: OperationsOf = {
  read: [
    'Query.neurons',
    'Query.neuron',
    'Query.neuronSurvey',
    'Subscription.neuronSurveyProgress',
  ],
  compute: ['Mutation.surveyNeurons', 'Mutation.cancelNeuronSurvey', 'Mutation.scaleNeuron'],
}
