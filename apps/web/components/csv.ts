// Rows -> CSV (RFC 4180). Text that a spreadsheet could run as a formula is made plain text with a leading apostrophe.
export type CsvValue = string | number | boolean | null | undefined

/** Signs that begin a formula, wide ones too, behind any space; some programs begin a cell anew at a tab or line end. */
const FORMULA = /^[\s\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/
/** Also what separates cells elsewhere: a spreadsheet may be set to it. */
const SEPARATORS = /[",;\t\r\n]/

export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return SEPARATORS.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function formatCsv(
  header: readonly string[],
  rows: ReadonlyArray<readonly CsvValue[]>,
): string {
  return [header, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n') + '\r\n'
}
