// Whose neurons are looked at where nobody has said: the model that is there from the start, else the first available one.
import type { NeuronModelsQuery } from '../../graphql/generated/graphql'

export function firstModel({ models }: NeuronModelsQuery) {
  const available = models.edges.map(({ node }) => node).filter((model) => model.available)
  return available.find(({ bundled }) => bundled) ?? available[0] ?? null
}
