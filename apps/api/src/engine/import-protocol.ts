// What a worker and the process that brings a model in say to each other.
import type { DownloadProgress, ModelDescription, ModelSource } from '@imprint/lens-engine'

export interface ImportTask {
  /** Checked; paths are real. */
  readonly source: ModelSource
  readonly name: string
  readonly home: string
}

export type ImportProgress = DownloadProgress

/** A model that is in the store now. */
export interface ImportedModel {
  readonly directory: string
  readonly description: ModelDescription
}

export interface ImportFailure {
  readonly code: string
  readonly message: string
  readonly cure: string
}

/** Worker to process. */
export type ImportOrder =
  { readonly type: 'begin'; readonly task: ImportTask } | { readonly type: 'stop' }

/** Process to worker. */
export type ImportReply =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: ImportProgress }
  | { readonly type: 'note'; readonly sentence: string }
  | { readonly type: 'done'; readonly model: ImportedModel }
  | { readonly type: 'failed'; readonly failure: ImportFailure | null; readonly trace: string }
