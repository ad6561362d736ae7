// A downloaded edit, as the engine reads it.
export { loadEdit as readEditFile } from '@imprint/lens-engine'
