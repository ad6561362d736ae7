// Numbers of a table.
export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const shown = (number, digits = 1) =>
  number === null
    ? '—'
    : number.toLocaleString('en-US', {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      })

export const megabytes = (bytes) => shown(bytes / 1e6, 0)

/** Lines of a table whose first column is text. */
export const table = (head, rows) =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
