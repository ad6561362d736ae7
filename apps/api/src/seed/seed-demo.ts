// The demo project: the models of the store, some prompts and a run of each, some edits, computed by a worker like any other.
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Viewer } from '../features/account/viewer.js'
import { UserFailure } from '../errors/user-failure.js'
import type { Logger } from '../logger.js'
import type { Services } from '../services.js'
import { seedDatasets } from './seed-datasets.js'
import { seedEdits } from './seed-edits.js'

const demoPrompts = z.array(
  z.object({
    prompt: z.string(),
    target: z.string(),
    tags: z.array(z.string()),
    note: z.string().nullable(),
  }),
)
type DemoPrompt = z.infer<typeof demoPrompts>[number]

export interface SeedReport {
  readonly models: number
  readonly prompts: number
  readonly edits: number
  readonly datasets: number
}

export interface SeedFiles {
  readonly prompts: URL
  readonly edits: URL
}

/** Idempotent: every row has a fixed request name, so a second seed finds the first one's rows. */
export async function seedDemo(
  services: Services,
  logger: Logger,
  files: SeedFiles,
): Promise<SeedReport> {
  const viewer = await services.accounts.ensureLocalViewer()
  const modelId = await registerModels(services, viewer, logger)
  const datasets = await seedDatasets(services, viewer)
  if (modelId === null) return { models: 0, prompts: 0, edits: 0, datasets }
  const prompts = demoPrompts.parse(JSON.parse(await readFile(files.prompts, 'utf8')))
  for (const prompt of prompts)
    await seedPrompt(services, viewer, modelId, prompt).catch(warnOf(logger, prompt))
  const edits = await seedEdits(services, { viewer, modelId }, files.edits, logger)
  return { models: services.library.available().length, prompts: prompts.length, edits, datasets }
}

/** Writes a row for every model of the store; the id of the bundled one. */
async function registerModels(
  services: Services,
  viewer: Viewer,
  logger: Logger,
): Promise<string | null> {
  let bundledId: string | null = null
  for (const { name, bundled } of services.library.available()) {
    try {
      const model = await services.models.register(viewer, bundled ? 'bundled' : name, bundled)
      if (bundled) bundledId = model.id
    } catch (error) {
      logger.warn({ err: error, model: name }, 'this model cannot be opened')
    }
  }
  return bundledId
}

async function seedPrompt(
  services: Services,
  viewer: Viewer,
  modelId: string,
  demo: DemoPrompt,
): Promise<void> {
  const key = `demo: ${demo.prompt}`
  const { tags, note, target } = demo
  const saved = await services.prompts.save(viewer, {
    text: demo.prompt,
    target,
    tags,
    note,
    modelId,
    clientMutationId: key,
  })
  await services.lensRuns.create(viewer, {
    modelId,
    promptId: saved.id,
    promptText: demo.prompt,
    targetText: target,
    clientMutationId: `${key} -> ${target}`,
  })
}

const warnOf = (logger: Logger, demo: DemoPrompt) => (error: unknown) => {
  if (!(error instanceof UserFailure)) throw error
  logger.warn({ code: error.code, prompt: demo.prompt }, 'this demo prompt cannot be run')
}
