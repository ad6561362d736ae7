// The table of enum names of the token search.
import { defineNamedValues } from './named-values.js'

export const searchedObjects = defineNamedValues('SearchedObject', 'What is looked for.', {
  RUN: { engine: 'run', description: 'Lens runs, by what their gradients point to.' },
  EDIT: { engine: 'edit', description: 'Edits, by what they write or react to.' },
} as const)
export type SearchedObjectKey = keyof typeof searchedObjects.values

export const tokenEnds = defineNamedValues('TokenEnd', 'At which end of a projection a token is.', {
  TOP: { engine: 'top', description: 'Among its three most probable tokens.' },
  BOTTOM: { engine: 'bottom', description: 'Among its three least probable tokens.' },
  EITHER: { engine: 'either', description: 'At either end.' },
} as const)
export type TokenEndKey = keyof typeof tokenEnds.values
