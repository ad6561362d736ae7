// The names under which requests are known when they are sent again, and which of them are not a client's to give.
import { UserFailure } from '../errors/user-failure.js'

const ofImports = 'import:'

/** What an import names the row that it makes of a content. */
export const importName = (digest: string): string => `${ofImports}${digest}`

/** Imports trust what has such a name to be what another import made, whoever made it. @throws UserFailure BAD_ARGUMENT */
export function requireOwnName(clientMutationId: string): void {
  if (!clientMutationId.startsWith(ofImports)) return
  const message = `clientMutationId begins with ${ofImports}, as only the names of imports do.`
  throw new UserFailure('BAD_ARGUMENT', message, {
    field: 'clientMutationId',
    cure: 'Begin it with something else.',
  })
}
