// Adam (Kingma & Ba 2015, algorithm 1) on one array, as torch.optim.Adam without weight decay and amsgrad.

export interface AdamSettings {
  readonly learningRate: number
  /** 0.9 when absent. */
  readonly beta1?: number
  /** 0.999 when absent. */
  readonly beta2?: number
  /** 1e-8 when absent; added to the root of the second moment. */
  readonly epsilon?: number
}

export class Adam {
  readonly #settings: Required<AdamSettings>
  readonly #first: Float64Array
  readonly #second: Float64Array
  #steps = 0

  constructor(length: number, settings: AdamSettings) {
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...settings }
    this.#first = new Float64Array(length)
    this.#second = new Float64Array(length)
  }

  /** Moves `values` one step down the gradient, in place. */
  step(values: Float32Array, gradient: ArrayLike<number>): void {
    const { learningRate, beta1, beta2, epsilon } = this.#settings
    this.#steps++
    const firstScale = 1 / (1 - beta1 ** this.#steps)
    const secondScale = 1 / (1 - beta2 ** this.#steps)
    for (let index = 0; index < values.length; index++) {
      const slope = gradient[index] as number
      const first = beta1 * (this.#first[index] as number) + (1 - beta1) * slope
      const second = beta2 * (this.#second[index] as number) + (1 - beta2) * slope * slope
      this.#first[index] = first
      this.#second[index] = second
      const move = (first * firstScale) / (Math.sqrt(second * secondScale) + epsilon)
      values[index] = (values[index] as number) - learningRate * move
    }
  }
}
