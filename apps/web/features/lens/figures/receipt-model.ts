// A receipt of any shape -> rows of name and value, nested names joined with a dot.
export interface ReceiptRow {
  readonly name: string
  readonly value: string
}

export function receiptRows(value: unknown, name = ''): ReceiptRow[] {
  if (value === null || value === undefined) return name === '' ? [] : [{ name, value: '–' }]
  if (Array.isArray(value)) {
    const plain = value.every((entry) => typeof entry !== 'object' || entry === null)
    return plain
      ? [{ name, value: value.join(', ') }]
      : value.flatMap((entry, index) => receiptRows(entry, `${name}.${index}`))
  }
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, entry]) =>
      receiptRows(entry, name === '' ? key : `${name}.${key}`),
    )
  return [{ name, value: String(value) }]
}
