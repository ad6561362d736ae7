// The answers that are sent with the page of models: the form already says where models may come from.
import { Ahead } from '../../graphql/ahead'
import { ModelImportsDocument, ModelsDocument } from '../../graphql/generated/graphql'

/** null where the API does not say in time. */
export async function askModelsAhead(): Promise<Ahead['answers'] | null> {
  const ahead = new Ahead()
  const [models, imports] = await Promise.all([
    ahead.ask(ModelsDocument, { first: 100 }),
    ahead.ask(ModelImportsDocument, { first: 5 }),
  ])
  return models && imports && ahead.answers
}
