// The gradient of a scalar function by central differences, the independent witness for every VJP rule.

export interface NumericalGradientOptions {
  /** Half the distance of the two evaluations; 1e-5 suits float64, 1e-2 float32. */
  readonly step?: number
}

/**
 * df/dx[i] = (f(x + h e_i) - f(x - h e_i)) / 2h for every element of `point`.
 * @param evaluate must not keep `point`, which is changed and restored between calls
 */
export async function numericalGradient(
  evaluate: (point: Float64Array) => Promise<number>,
  point: Float64Array,
  options: NumericalGradientOptions = {},
): Promise<Float64Array> {
  const step = options.step ?? 1e-5
  const gradient = new Float64Array(point.length)
  for (let index = 0; index < point.length; index++) {
    const centre = point[index] as number
    point[index] = centre + step
    const above = await evaluate(point)
    point[index] = centre - step
    const below = await evaluate(point)
    point[index] = centre
    gradient[index] = (above - below) / (2 * step)
  }
  return gradient
}
