// The demo's edits: facts of the bundled data set, each by the method it names, computed by a worker like any other.
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UserFailure } from '../errors/user-failure.js'
import type { Viewer } from '../features/account/viewer.js'
import type { Logger } from '../logger.js'
import type { Services } from '../services.js'

const demoEdits = z.array(
  z.object({
    name: z.string(),
    method: z.string(),
    hyperparameters: z.record(z.string(), z.json()),
    subject: z.string(),
    relation: z.string(),
  }),
)
type DemoEdit = z.infer<typeof demoEdits>[number]

/** Idempotent, as each has a fixed request name; returns how many there are. */
export async function seedEdits(
  services: Services,
  { viewer, modelId }: { readonly viewer: Viewer; readonly modelId: string },
  file: URL,
  logger: Logger,
): Promise<number> {
  let seeded = 0
  for (const demo of demoEdits.parse(JSON.parse(await readFile(file, 'utf8')))) {
    try {
      if (await seedEdit(services, viewer, modelId, demo)) seeded += 1
    } catch (error) {
      if (!(error instanceof UserFailure)) throw error
      logger.warn({ code: error.code, edit: demo.name }, 'this demo edit cannot be computed')
    }
  }
  return seeded
}

/** False where the data set has no such fact. */
async function seedEdit(
  services: Services,
  viewer: Viewer,
  modelId: string,
  { name, method, hyperparameters, subject, relation }: DemoEdit,
): Promise<boolean> {
  const search = `${subject} ${relation}`
  const facts = await services.editFacts.search(viewer, { modelId, search, first: 100 })
  const fact = facts.find((one) => one.subject === subject && one.relation === relation)
  if (fact === undefined) return false
  const { prompt, target, truth, paraphrases, neighbors, generationPrompts } = fact
  await services.edits.create(viewer, {
    ...{ modelId, method, hyperparameters, name },
    requests: [{ prompt, subject, target }],
    probes: {
      ...{ truth, paraphrases, neighbors },
      generationPrompts: generationPrompts.slice(0, 2),
    },
    clientMutationId: `demo: ${name}`,
  })
  return true
}
