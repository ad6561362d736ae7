// The engine's own choice of cases, which a slice's has to equal.
export { selectCases } from '@imprint/lens-engine'
