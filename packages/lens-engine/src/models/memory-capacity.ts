// All the memory this process could ever have, for the rooms above the runtime.
export { memoryCapacity } from '../runtime/available-memory.js'
