// A model that a command computes with: opened by name, stopped by Ctrl-C, closed at the end.
import { openModel } from '../models/model-store.js'
import { editSessions } from '../resources/edit-sessions.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import type { CommandLine } from './command-line.js'

export interface ModelFlags {
  readonly model: string
  readonly threads?: number
}

/** Runs `use` with the model and a signal that Ctrl-C gives. */
export async function withModel<T>(
  { model: name, threads }: ModelFlags,
  line: CommandLine,
  use: (model: LoadedModel, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const files = openModel(name, { home: line.home })
  const model = loadModel(files, {
    ...editSessions(files),
    ...(threads === undefined ? {} : { threads }),
  })
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    return await use(model, controller.signal)
  } finally {
    process.off('SIGINT', interrupt)
    await model.dispose()
  }
}
