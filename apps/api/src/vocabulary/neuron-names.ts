// The table of enum names of neurons: GraphQL on the left, the engine's words on the right.
import { defineNamedValues } from './named-values.js'

export const neuronOrders = defineNamedValues(
  'NeuronOrder',
  'What a list of neurons is sorted by.',
  {
    INDEX: { engine: 'index', description: 'The index in the layer.' },
    ACTIVATION: {
      engine: 'activation',
      description: 'The magnitude of the strongest activation in the surveyed runs.',
    },
    COEFFICIENT: {
      engine: 'coefficient',
      description: 'The magnitude of the strongest gradient coefficient in the surveyed runs.',
    },
    KEY_NORM: { engine: 'key-norm', description: 'The norm of the key.' },
    VALUE_NORM: { engine: 'value-norm', description: 'The norm of the value.' },
    EDIT_NORM: {
      engine: 'edit-norm',
      description: 'The largest change that a saved edit makes to its key or value.',
    },
    ANNOTATIONS: { engine: 'annotations', description: 'The number of annotations.' },
  } as const,
)
export type NeuronOrderKey = keyof typeof neuronOrders.values

export const listDirections = defineNamedValues(
  'ListDirection',
  'Which end of an order is first.',
  {
    ASCENDING: { engine: 'ascending', description: 'The smallest first.' },
    DESCENDING: { engine: 'descending', description: 'The largest first.' },
  } as const,
)
export type ListDirectionKey = keyof typeof listDirections.values

export const neuronVectors = defineNamedValues('NeuronVector', 'Which vector of a neuron.', {
  KEY: { engine: 'key', description: 'What it reacts to: its column of `mlp.up`.' },
  VALUE: { engine: 'value', description: 'What it writes: its row of `mlp.down`.' },
} as const)
export type NeuronVectorKey = keyof typeof neuronVectors.values
