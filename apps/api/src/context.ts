// What every resolver gets: who asks and how, the services, and this request's loaders.
import type { Viewer } from './features/account/viewer.js'
import { createLoaders } from './loaders.js'
import type { Loaders } from './loaders.js'
import type { Caller } from './security/caller.js'
import type { Services } from './services.js'

export interface RequestContext {
  /** An object of this request's own. */
  readonly viewer: Viewer
  readonly caller: Caller
  readonly services: Services
  readonly loaders: Loaders
  /** Gives an operation that waits on purpose more seconds than others have. */
  readonly allowSeconds: (seconds: number) => void
}

export function createContext(
  services: Services,
  viewer: Viewer,
  caller: Caller,
  allowSeconds: (seconds: number) => void = () => undefined,
): RequestContext {
  const own = { ...viewer, writes: { recorded: 0, request: null } }
  let loaders: Loaders | undefined
  return {
    ...{ viewer: own, caller, services, allowSeconds },
    // Many operations need none of the dozens there are.
    get loaders() {
      return (loaders ??= createLoaders(services, own))
    },
  }
}
