// The settings of two edits side by side: every name of either, and whether they differ.
import { showValue } from '../lab/hyperparameter-model'

export interface SettingRow {
  readonly name: string
  readonly first: string | null
  readonly second: string | null
  readonly differs: boolean
}

type Values = Readonly<Record<string, unknown>>

const shown = (values: Values, name: string): string | null =>
  Object.hasOwn(values, name) ? showValue(values[name]) || 'none' : null

export function settingRows(first: Values, second: Values): SettingRow[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])]
  return names.map((name) => {
    const [one, other] = [shown(first, name), shown(second, name)]
    return { name, first: one, second: other, differs: one !== other }
  })
}
