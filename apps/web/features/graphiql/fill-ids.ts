// Puts ids that exist here into the variables of an example.
export const knownIdNames = ['modelId', 'runId', 'editId', 'sliceId', 'evaluationId'] as const
export type KnownIds = Readonly<Record<(typeof knownIdNames)[number], string>>

const isKnown = (name: string): name is keyof KnownIds =>
  (knownIdNames as readonly string[]).includes(name)

export function fillIds(variables: string, ids: KnownIds): string {
  const filled = Object.fromEntries(
    Object.entries(JSON.parse(variables) as Record<string, unknown>).map(([name, value]) => [
      name,
      value === '' && isKnown(name) ? ids[name] : value,
    ]),
  )
  return JSON.stringify(filled, null, 2)
}
