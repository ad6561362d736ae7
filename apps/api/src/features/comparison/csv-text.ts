// Values -> lines of CSV that a spreadsheet shows and never runs.

export type CsvValue = string | number | boolean | null

/**
 * One line (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers,
 * and what is not available is empty.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}

function csvCell(value: CsvValue): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
