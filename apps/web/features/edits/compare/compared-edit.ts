// One of the two edits that are compared, as the page asks for it.
import type { ComparedEditsQuery } from '../../../graphql/generated/graphql'

export type ComparedEdit = NonNullable<ComparedEditsQuery['first']>
