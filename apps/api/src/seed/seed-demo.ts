// The demo project: the models of the store, some prompts and a run of each, some edits, computed by a worker like any other.
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Viewer } from '../features/account/viewer.js'
import { UserFailure } from '../errors/user-failure.js'
import type { Logger } from '../logger.js'
import type { Services } from '../services.js'
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
  services.projectStart.logTo(logger)
  const { bundledModelId: modelId, datasets } = await services.projectStart.fill(viewer)
  if (modelId === null) return { models: 0, prompts: 0, edits: 0, datasets }
  const prompts = demoPrompts.parse(JSON.parse(await readFile(files.prompts, 'utf8')))
  for (const prompt of prompts)
    await seedPrompt(services, viewer, modelId, prompt).catch(warnOf(logger, prompt))
  const edits = await seedEdits(services, { viewer, modelId }, files.edits, logger)
  return { models: services.library.available().length, prompts: prompts.length, edits, datasets }
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
