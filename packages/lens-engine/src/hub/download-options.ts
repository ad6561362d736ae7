// What a caller says about a download, and what it hears while the download runs.

export type DownloadStage = 'resolving' | 'downloading' | 'verifying' | 'importing'

/** How far a download is; sent when stage or file change, else at most five times a second. */
export interface DownloadProgress {
  readonly stage: DownloadStage
  /** Path in the repository; null while it is not known yet, and while importing. */
  readonly file: string | null
  /** From 0. */
  readonly fileIndex: number
  /** How many files are needed; 0 until that is known, and it grows when an index names shards. */
  readonly files: number
  /** Bytes of all files that are here, those of earlier attempts and of the cache included. */
  readonly receivedBytes: number
  /** Bytes of all files; 0 until it is known. */
  readonly totalBytes: number
  /** Over the last seconds; null while it is not known. */
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
}

export interface DownloadOptions {
  /** Imprint's home directory: the cache is in `hub`, the store in `models`. */
  readonly home: string
  /** What to call the model; the repository's or the file's name when absent. */
  readonly name?: string
  /**
   * Address of the hub; HF_ENDPOINT or https://huggingface.co when absent. It is trusted: a server must not take it
   * from its users.
   */
  readonly endpoint?: string
  /** Access token; HF_TOKEN when absent. It is sent to the endpoint only and is never part of an error. */
  readonly token?: string
  /** Use the cache only; HF_HUB_OFFLINE when absent. */
  readonly offline?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: DownloadProgress) => void
  /** Things worth knowing that are no failure, one sentence each: the cache was used, pickles were left out. */
  readonly onNote?: (sentence: string) => void
}
