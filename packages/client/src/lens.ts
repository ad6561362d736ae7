// Models, prompts and lens runs.
import { randomUUID } from 'node:crypto'
import { ImprintError, unwrap } from './errors.js'
import {
  AwaitRunDocument,
  CellsDocument,
  CreateRunDocument,
  DeleteRunDocument,
  ImportRunDocument,
  ModelsDocument,
  ProjectionDocument,
  PromptsDocument,
  RunDocument,
  RunsDocument,
  SavePromptDocument,
} from './generated/graphql.js'
import type {
  CellFieldsFragment,
  CellsQueryVariables,
  CreateLensRunInput,
  LensRunFilter,
  PromptFilter,
  ProjectionQueryVariables,
  RunFieldsFragment,
  SavePromptInput,
} from './generated/graphql.js'
import { listOf } from './pages.js'
import { readSafetensors } from './safetensors.js'
import type { TensorFile } from './safetensors.js'
import type { Transport } from './transport.js'
import { untilEnd } from './waiting.js'
import type { WaitOptions } from './waiting.js'

export type LensRun = RunFieldsFragment
export type Cell = CellFieldsFragment
export type Place = Omit<ProjectionQueryVariables, 'id'>
export type CellFilter = Omit<CellsQueryVariables, 'id' | 'first' | 'after'>

/** A name for a request, so that sending it twice makes one thing. */
export const named = <Input extends { clientMutationId?: string | null | undefined }>(
  input: Input,
) => ({ ...input, clientMutationId: input.clientMutationId ?? randomUUID() })
export const repeatable = { repeatable: true }

export const modelsOf = (transport: Transport) => {
  const list = () => listOf(async (page) => (await transport.request(ModelsDocument, page)).models)
  return {
    list,
    /** By its name; the bundled one when absent. @throws MODEL_NOT_FOUND */
    find: async (name?: string) => {
      for await (const model of list())
        if (name === undefined ? model.bundled : model.name === name) return model
      const what = name ?? 'the bundled one'
      throw new ImprintError('MODEL_NOT_FOUND', `There is no model ${what} in this project.`)
    },
  }
}

export const promptsOf = (transport: Transport) => ({
  list: (filter: PromptFilter | null = null) =>
    listOf(async (page) => (await transport.request(PromptsDocument, { ...page, filter })).prompts),
  save: async (input: SavePromptInput) => {
    const variables = { input: named(input) }
    const { savePrompt } = await transport.request(SavePromptDocument, variables, repeatable)
    return unwrap(savePrompt.prompt, savePrompt.errors)
  },
})

export const runsOf = (transport: Transport) => ({
  list: (filter: LensRunFilter | null = null) =>
    listOf(async (page) => (await transport.request(RunsDocument, { ...page, filter })).lensRuns),
  get: async (id: string) => (await transport.request(RunDocument, { id })).lensRun ?? null,
  create: async (input: CreateLensRunInput): Promise<LensRun> => {
    const variables = { input: named(input) }
    const { createLensRun } = await transport.request(CreateRunDocument, variables, repeatable)
    return unwrap(createLensRun.run, createLensRun.errors)
  },
  /** Until it has been computed. @throws ImprintError with the code of its failure */
  wait: (id: string, options: WaitOptions = {}): Promise<LensRun> =>
    untilEnd(
      async (seconds) =>
        (await transport.request(AwaitRunDocument, { id, seconds }, options)).awaitLensRun,
      (run) => run,
      options,
    ),
  /** One factor at one place in the vocabulary; null where there is none. */
  projection: async (id: string, place: Place): Promise<Cell | null> =>
    (await transport.request(ProjectionDocument, { id, ...place })).lensRun?.cell ?? null,
  projections: (id: string, filter: CellFilter = {}) =>
    listOf<Cell>(async (page) => {
      const { lensRun } = await transport.request(CellsDocument, { ...page, ...filter, id })
      if (!lensRun) throw new ImprintError('RUN_NOT_FOUND', 'There is no run with this id.')
      return lensRun.cells
    }),
  /** X and Delta of every matrix; recomputed by a worker when they are not at hand. */
  vectors: async (id: string, signal?: AbortSignal): Promise<TensorFile> => {
    const response = await transport.file(`/api/runs/${id}/vectors.safetensors`, signal)
    return readSafetensors(new Uint8Array(await response.arrayBuffer()))
  },
  delete: async (id: string): Promise<string> => {
    const { deleteLensRun } = await transport.request(DeleteRunDocument, { id })
    return unwrap(deleteLensRun.deletedId, deleteLensRun.errors)
  },
  /** The run with its receipt as JSON text, for `import` or a file. */
  export: async (id: string) => (await transport.file(`/api/runs/${id}.json`)).text(),
  import: async (text: string): Promise<LensRun> => {
    const input = { uploadId: await transport.upload(text, 'run.json') }
    const { importRun } = await transport.request(ImportRunDocument, { input })
    return unwrap(importRun.run, importRun.errors)
  },
})
