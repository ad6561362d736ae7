// What the parts of the table of methods are given.
import type { Column, Comparison } from '../comparison-model'
import type { ComparisonView } from '../comparison-view'
import type { ChangeView } from '../use-comparison-view'
import type { Domain } from './table-model'

export interface ShownColumn extends Column {
  readonly domain: Domain
  readonly best: string | null
}

export interface TableProps {
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
}
