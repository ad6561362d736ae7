// Numbers of many neurons in one packed array: what answers of the engine consist of, and what is stored of them.

export interface NeuronPart {
  /** Such as `key.top.ids`. */
  readonly kind: string
  /** Numbers of one neuron; those of neuron i begin at i * width. */
  readonly width: number
  readonly data: Int32Array | Float32Array
}
