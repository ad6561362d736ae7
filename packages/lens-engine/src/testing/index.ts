// What tests and benchmarks of other rooms and packages may use.
export { compareTensors, relativeError, type TensorDifference } from './compare-tensors.js'
export { numericalGradient, type NumericalGradientOptions } from './numerical-gradient.js'
export {
  goldenLenses,
  goldenRows,
  NOT_COMPARED,
  readGolden,
  readGoldens,
  type Golden,
  type GoldenCase,
  type GoldenTensor,
} from './read-golden.js'
export {
  gpt2SmallShape,
  makeTinyGpt2,
  writeRandomGpt2,
  type RandomGpt2Options,
} from './random-gpt2.js'
export { writeSafetensors, type TensorRecipe } from './write-safetensors.js'
