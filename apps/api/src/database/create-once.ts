// A request that is sent twice with the same `clientMutationId` makes one row.
import { DatabaseError } from 'pg'
import { Prisma } from './generated/client.js'

/** Whether a unique index refused a row, of Prisma or of plain SQL. */
export function isConflict(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === '23505'
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}

/** Creates a row; where the same request made one before, that one is found instead. */
export async function createOnce<Row>(
  clientMutationId: string | null | undefined,
  create: () => Promise<Row>,
  findFirst: (clientMutationId: string) => Promise<Row | null>,
): Promise<Row> {
  try {
    return await create()
  } catch (error) {
    const first = isConflict(error) && clientMutationId ? await findFirst(clientMutationId) : null
    if (first === null) throw error
    return first
  }
}
