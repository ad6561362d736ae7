// Facts about a model in the form people read.
import type { MatrixName } from '../../graphql/generated/graphql'

const LABELS: Readonly<Record<MatrixName, string>> = {
  ATTENTION_QUERY: 'attention.query',
  ATTENTION_KEY: 'attention.key',
  ATTENTION_VALUE: 'attention.value',
  ATTENTION_OUTPUT: 'attention.output',
  MLP_GATE: 'mlp.gate',
  MLP_UP: 'mlp.up',
  MLP_DOWN: 'mlp.down',
}

export function matrixLabel(name: MatrixName): string {
  return LABELS[name]
}

export function showBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes >= 1 ? Math.min(4, Math.floor(Math.log10(bytes) / 3)) : 0
  const value = bytes / 1000 ** power
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${units[power] ?? 'B'}`
}

export function showMagnitude(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} B`
  if (count >= 1e6) return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} M`
  return count >= 1e3 ? `${(count / 1e3).toFixed(0)} K` : String(count)
}

/** Memory a run takes beside what is free; null when it is not known. */
export function sayMemory(needed: number | null, available: number): string | null {
  return needed === null ? null : `${showBytes(needed)} of ${showBytes(available)} free`
}
