// Eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, section 8.5).

const SWEEPS = 30

/** @param rows symmetric; @returns one unit eigenvector for each eigenvalue, largest first */
export function symmetricEigenvectors(
  rows: readonly Float64Array[],
): readonly { readonly value: number; readonly vector: Float64Array }[] {
  const n = rows.length
  const a = rows.map((row) => Float64Array.from(row))
  const vectors = rows.map((_, i) => Float64Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q)
  }
  return a
    .map((row, k) => ({ value: row[k] as number, vector: vectors[k] as Float64Array }))
    .sort((one, other) => other.value - one.value)
}

/** Makes element (p, q) zero; rows of `vectors` turn along. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [a[p] as Float64Array, a[q] as Float64Array]
  const off = rowP[q] as number
  if (off === 0) return
  const theta = ((rowQ[q] as number) - (rowP[p] as number)) / (2 * off)
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const cosine = 1 / Math.sqrt(tangent * tangent + 1)
  const sine = tangent * cosine
  turn(rowP, rowQ, cosine, sine)
  for (const row of a) {
    const [x, y] = [row[p] as number, row[q] as number]
    row[p] = cosine * x - sine * y
    row[q] = sine * x + cosine * y
  }
  turn(vectors[p] as Float64Array, vectors[q] as Float64Array, cosine, sine)
}

function turn(one: Float64Array, other: Float64Array, cosine: number, sine: number): void {
  for (let index = 0; index < one.length; index++) {
    const [x, y] = [one[index] as number, other[index] as number]
    one[index] = cosine * x - sine * y
    other[index] = sine * x + cosine * y
  }
}
