// The neurons of a filter -> a table or JSON with what was asked.
import { formatCsv } from '../../../components/csv'
import type { NeuronRowPartsFragment } from '../../../graphql/generated/graphql'
import { formatTable, type TableView } from './table-view'

const HEADER = [
  'layer',
  'index',
  'key_word',
  'value_word',
  'key_norm',
  'value_norm',
  'max_activation',
  'mean_activation',
  'max_coefficient',
  'edit_norm',
  'annotations',
  'label',
]

export function neuronsCsv(neurons: readonly NeuronRowPartsFragment[]): string {
  return formatCsv(
    HEADER,
    neurons.map((one) => [
      one.layer,
      one.index,
      one.keyWord,
      one.valueWord,
      one.keyNorm,
      one.valueNorm,
      one.maxActivation,
      one.meanActivation,
      one.maxCoefficient,
      one.editNorm,
      one.annotationCount,
      one.label,
    ]),
  )
}

export function neuronsJson(
  place: { readonly model: string; readonly layer: number },
  view: TableView,
  neurons: readonly NeuronRowPartsFragment[],
): string {
  return JSON.stringify({ ...place, asked: formatTable(view), neurons }, null, 2)
}
