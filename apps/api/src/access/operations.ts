// Every root field and file route -> what it asks for. What is missing here is refused; a test compares the table with the schema.
import { accountOperations } from './operations/account.js'
import { lensOperations } from './operations/lens.js'
import { neuronsOperations } from './operations/neurons.js'
import { notesOperations } from './operations/notes.js'
import type { OperationsOf } from './operations/operations-of.js'
import { scriptsOperations } from './operations/scripts.js'
import { talkOperations } from './operations/talk.js'
import type { Requirement } from './roles.js'

const parts: readonly OperationsOf[] = [
  lensOperations,
  accountOperations,
  notesOperations,
  talkOperations,
  neuronsOperations,
  scriptsOperations,
]

export const operations: Readonly<Record<string, Requirement | undefined>> = Object.fromEntries(
  parts.flatMap((part) =>
    Object.entries(part).flatMap(([requirement, names]) =>
      names.map((name) => [name, requirement as Requirement] as const),
    ),
  ),
)
