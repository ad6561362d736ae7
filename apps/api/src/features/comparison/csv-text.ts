// Values -> lines of CSV that a spreadsheet shows and never runs.

export type CsvValue = string | number | boolean | null

/** Signs that begin a formula, wide ones too, behind any space; some programs begin a cell anew at a tab or line end. */
const formula = /^[\s\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/
/** Also what separates cells elsewhere: a spreadsheet may be set to it. */
const separators = /[",;\t\r\n]/

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
  const safe = formula.test(value) ? `'${value}` : value
  return separators.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
