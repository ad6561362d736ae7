// Puts ids that exist here into the variables of an example.
export interface KnownIds {
  readonly modelId: string
  readonly runId: string
}

export function fillIds(variables: string, ids: KnownIds): string {
  const filled = Object.fromEntries(
    Object.entries(JSON.parse(variables) as Record<string, unknown>).map(([name, value]) => [
      name,
      value === '' && name in ids ? ids[name as keyof KnownIds] : value,
    ]),
  )
  return JSON.stringify(filled, null, 2)
}
