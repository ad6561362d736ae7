// What a review decided -> the state of the annotation it was about.
import type { Prisma } from '../../database/generated/client.js'
import type { AnnotationStateKey } from '../../vocabulary/note-names.js'

/** Called in the transaction of the decision. False where the project has no such annotation, or it was withdrawn. */
export async function setAnnotationState(
  transaction: Pick<Prisma.TransactionClient, 'annotation'>,
  projectId: string,
  id: string,
  state: Exclude<AnnotationStateKey, 'WITHDRAWN'>,
): Promise<boolean> {
  const { count } = await transaction.annotation.updateMany({
    where: { projectId, id, state: { not: 'WITHDRAWN' } },
    data: { state, updatedAt: new Date() },
  })
  return count > 0
}
