// Bytes as they come in -> progress for people: how much, how fast, how long still; at most five times a second.
import type { DownloadProgress, DownloadStage } from './download-options.js'
import type { HubFile } from './hub-api.js'

const leastPauseMs = 200
/** The rate is that of the last seconds. */
const windowMs = 5_000

interface Sample {
  readonly at: number
  readonly bytes: number
}

export class DownloadMeter {
  private files: readonly HubFile[] = []
  private readonly received = new Map<string, number>()
  private stage: DownloadStage = 'resolving'
  private file: HubFile | null = null
  private samples: Sample[] = []
  private fetched = 0
  private lastSent = -Infinity
  private conversion: readonly [done: number, total: number] | null = null

  constructor(
    private readonly onProgress: ((progress: DownloadProgress) => void) | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Says which files are needed, those of earlier plans included. */
  plan(files: readonly HubFile[]): void {
    this.files = files
  }

  enter(stage: DownloadStage, file: HubFile | null = null): void {
    this.stage = stage
    this.file = file
    this.samples = []
    this.send(true)
  }

  /** Sets the bytes of the current file that are here already. */
  have(file: HubFile, bytes: number): void {
    this.received.set(file.path, bytes)
    this.send(false)
  }

  /** Counts bytes that just came from the network. */
  fetch(file: HubFile, bytes: number): void {
    this.fetched += bytes
    this.have(file, (this.received.get(file.path) ?? 0) + bytes)
  }

  /** While a GGUF file is converted. */
  convert(done: number, total: number): void {
    this.conversion = [done, total]
    this.send(false)
  }

  private send(always: boolean): void {
    const now = this.now()
    if (this.onProgress === undefined || (!always && now - this.lastSent < leastPauseMs)) return
    this.lastSent = now
    this.onProgress(this.describe(now))
  }

  private describe(now: number): DownloadProgress {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
    const [receivedBytes, totalBytes] = this.conversion ?? [
      sum([...this.received.values()]),
      sum(this.files.map(({ bytes }) => bytes)),
    ]
    const rate = this.rate(now)
    const left = totalBytes - receivedBytes
    return {
      stage: this.stage,
      file: this.file?.path ?? null,
      fileIndex: this.file === null ? 0 : Math.max(0, this.files.indexOf(this.file)),
      files: this.files.length,
      receivedBytes,
      totalBytes,
      bytesPerSecond: rate,
      secondsLeft: rate === null || rate === 0 ? null : Math.ceil(left / rate),
    }
  }

  private rate(now: number): number | null {
    if (this.stage !== 'downloading') return null
    this.samples.push({ at: now, bytes: this.fetched })
    this.samples = this.samples.filter(({ at }) => now - at <= windowMs)
    const first = this.samples[0]!
    const seconds = (now - first.at) / 1000
    return seconds < 0.1 ? null : Math.round((this.fetched - first.bytes) / seconds)
  }
}
