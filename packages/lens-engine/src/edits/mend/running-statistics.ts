// Rows [u; delta] as they come -> the mean and standard deviation of each dimension that the editor normalises with.

/** Added to every deviation (MEND's code). */
const SMALLEST_DEVIATION = 1e-7

/** What statistics consist of; float32, so that a checkpoint holds all of it. */
export interface StatisticsState {
  count: number
  readonly mean: Float32Array
  /** Sum of squared distances from the mean. */
  readonly squares: Float32Array
}

export interface Normalisation {
  readonly mean: Float32Array
  /** Standard deviation (with count - 1) + 1e-7. */
  readonly deviation: Float32Array
}

export class RunningStatistics {
  readonly state: StatisticsState

  constructor(state: number | StatisticsState) {
    this.state =
      typeof state === 'number'
        ? { count: 0, mean: new Float32Array(state), squares: new Float32Array(state) }
        : { count: state.count, mean: state.mean.slice(), squares: state.squares.slice() }
  }

  /** One more row (Welford's recurrence). */
  add(row: ArrayLike<number>): void {
    const { state } = this
    const { mean, squares } = state
    state.count++
    for (let index = 0; index < mean.length; index++) {
      const before = mean[index] as number
      const distance = (row[index] as number) - before
      const after = before + distance / state.count
      mean[index] = after
      squares[index] = (squares[index] as number) + distance * ((row[index] as number) - after)
    }
  }

  /** A copy that later rows do not change. After fewer than two rows every deviation is 1e-7. */
  normalisation(): Normalisation {
    const { count, mean, squares } = this.state
    const divisor = Math.max(1, count - 1)
    return {
      mean: mean.slice(),
      deviation: squares.map((sum) => Math.sqrt(sum / divisor) + SMALLEST_DEVIATION),
    }
  }
}
