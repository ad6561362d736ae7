// What every resolver gets: who asks, the services, and this request's loaders.
import type { Viewer } from './features/account/viewer.js'
import { createLoaders } from './loaders.js'
import type { Loaders } from './loaders.js'
import type { Services } from './services.js'

export interface RequestContext {
  readonly viewer: Viewer
  readonly services: Services
  readonly loaders: Loaders
}

export function createContext(services: Services, viewer: Viewer): RequestContext {
  return { viewer, services, loaders: createLoaders(services, viewer) }
}
