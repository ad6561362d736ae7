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

/** What Adam remembers between steps. */
export interface AdamState {
  /** Steps taken. */
  steps: number
  /** Running means of the gradient and of its square; float32 where they are to be stored. */
  readonly first: Float64Array | Float32Array
  readonly second: Float64Array | Float32Array
}

export class Adam {
  /** Changed by each step. */
  readonly state: AdamState
  readonly #settings: Required<AdamSettings>

  /** @param state to go on from, taken over; zeros in float64 when absent */
  constructor(length: number, settings: AdamSettings, state?: AdamState) {
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...settings }
    this.state = state ?? {
      steps: 0,
      first: new Float64Array(length),
      second: new Float64Array(length),
    }
  }

  /** Moves `values` one step down the gradient, in place. */
  step(values: Float32Array, gradient: ArrayLike<number>): void {
    const { learningRate, beta1, beta2, epsilon } = this.#settings
    const { first: means, second: squares } = this.state
    this.state.steps++
    const firstScale = 1 / (1 - beta1 ** this.state.steps)
    const secondScale = 1 / (1 - beta2 ** this.state.steps)
    for (let index = 0; index < values.length; index++) {
      const slope = gradient[index] as number
      const first = beta1 * (means[index] as number) + (1 - beta1) * slope
      const second = beta2 * (squares[index] as number) + (1 - beta2) * slope * slope
      means[index] = first
      squares[index] = second
      const move = (first * firstScale) / (Math.sqrt(second * secondScale) + epsilon)
      values[index] = (values[index] as number) - learningRate * move
    }
  }
}
