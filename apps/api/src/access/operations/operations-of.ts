// One part of the table: what is needed -> the operations that need it.
import type { Requirement } from '../roles.js'

export type OperationsOf = Readonly<Partial<Record<Requirement, readonly string[]>>>
