// A model's files -> every edit method with its hyperparameters: meaning, limits and default on this model, and the values
// published for others. Nothing is loaded.
import { defaultsFor, readDefaults } from '../edits/default-hyperparameters.js'
import type { EditMethod, EditMethodName, EditNeed, MethodDefaults } from '../edits/edit-method.js'
import {
  completeHyperparameters,
  type HyperparameterSpec,
  type HyperparameterValue,
} from '../edits/hyperparameters.js'
import { editMethods } from '../edits/registry.js'
import { readModelParts, type ModelFiles, type ModelParts } from '../runtime/describe-model.js'

/** A value that was published for a model; untested here. */
export interface PublishedValue {
  /** Such as "gpt2-xl". */
  readonly model: string
  readonly value: HyperparameterValue
  readonly source: string
}

export interface HyperparameterDescription {
  readonly name: string
  readonly title: string
  readonly explanation: string
  /** What papers and their code use, in words. */
  readonly literature: string
  /** Empty for plain numbers. */
  readonly unit: string
  readonly kind: HyperparameterSpec['kind']
  readonly default: HyperparameterValue
  /** Limits of numbers and layers; null elsewhere. */
  readonly min: number | null
  readonly max: number | null
  /** Whether null ("none") is allowed. */
  readonly optional: boolean
  /** Of a choice, and the matrices of this model's family. */
  readonly choices: readonly { readonly value: string; readonly explanation: string }[]
  readonly published: readonly PublishedValue[]
}

export interface EditMethodDescription {
  readonly name: EditMethodName
  readonly title: string
  readonly description: string
  readonly source: string
  readonly requestsPerEdit: 'one' | 'many'
  readonly needs: readonly EditNeed[]
  readonly hyperparameters: readonly HyperparameterDescription[]
  readonly provenance: MethodDefaults['provenance']
  /** Where the defaults come from, in words. */
  readonly defaultsSource: string
}

/** In the order of the registry. @throws as `readModelParts`; CONFIG_INVALID for a malformed file of defaults */
export function describeEditMethods(files: ModelFiles): readonly EditMethodDescription[] {
  const parts = readModelParts(files)
  return editMethods.map((method) => describeMethod(method, parts))
}

function describeMethod(method: EditMethod, parts: ModelParts): EditMethodDescription {
  const { values, provenance, source } = defaultsFor(method, parts)
  const defaults = completeHyperparameters(method.hyperparameters, values, {}, parts.shape)
  const { name, title, description, requestsPerEdit, needs } = method
  return {
    name,
    title,
    description,
    source: method.source,
    requestsPerEdit,
    needs,
    provenance,
    defaultsSource: source,
    hyperparameters: method.hyperparameters.map((spec) => ({
      ...describeSpec(spec, parts),
      default: defaults[spec.name] ?? null,
      published: publishedValues(name, spec.name),
    })),
  }
}

function describeSpec(
  spec: HyperparameterSpec,
  parts: ModelParts,
): Omit<HyperparameterDescription, 'default' | 'published'> {
  const { name, title, explanation, literature, unit, kind } = spec
  const own = { name, title, explanation, literature, unit, kind }
  const none = { min: null, max: null, optional: false, choices: [] }
  if (spec.kind === 'number' || spec.kind === 'integer') {
    const { min, max, optional = false } = spec
    return { ...own, min, max, optional, choices: [] }
  }
  if (spec.kind === 'layer' || spec.kind === 'layers') {
    return { ...own, ...none, min: 0, max: parts.shape.layers - 1 }
  }
  return { ...own, ...none, choices: choicesOf(spec, parts) }
}

function choicesOf(spec: HyperparameterSpec, { architecture, shape, config }: ModelParts) {
  if (spec.kind === 'choice') {
    return Object.entries(spec.choices).map(([value, explanation]) => ({ value, explanation }))
  }
  if (spec.kind !== 'matrices') return []
  return architecture.matrices.map((matrix) => {
    const [width, out] = architecture.matrixWidths(shape, matrix, config)
    return { value: matrix as string, explanation: `${width} inputs, ${out} outputs` }
  })
}

/** From the files of defaults that are not this project's own. */
function publishedValues(method: string, hyperparameter: string): readonly PublishedValue[] {
  return readDefaults(method).flatMap(({ name, file }) => {
    const value = file.values[hyperparameter]
    if (file.provenance !== 'published' || value === undefined) return []
    return [{ model: name.replace(/\.json$/, ''), value, source: file.source }]
  })
}
