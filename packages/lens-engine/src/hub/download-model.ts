// A repository of a hub -> a model in the store: resolve, list, fetch, verify, import. What is here already is not fetched again.
import { mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { findArchitecture } from '../architectures/registry.js'
import { LensEngineError } from '../errors.js'
import { rememberDigest } from '../models/file-digest.js'
import { ggufModelName } from '../models/import-gguf.js'
import type { HubOrigin } from '../models/model-manifest.js'
import { checkModelName, toModelName } from '../models/model-name.js'
import { addModelInSteps, refuseTakenName, type ModelDirectory } from '../models/model-store.js'
import { readConfig } from '../models/read-config.js'
import { tokenizerFile } from '../tokenizers/load-tokenizer.js'
import { pickleFileNames } from '../weights/pickle-magic.js'
import { readShardIndex } from '../weights/sharded-safetensors.js'
import { asWriteFailure } from '../weights/atomic-file.js'
import { chooseFiles, chooseShards } from './choose-files.js'
import { downloadFile, type DownloadContext } from './download-file.js'
import { DownloadMeter } from './download-meter.js'
import type { DownloadOptions } from './download-options.js'
import { formatChecksum } from './file-checksum.js'
import type { HubFile } from './hub-api.js'
import { HubCache, type WorkDirectory } from './hub-cache.js'
import { downloadCancelled, hubUnreachable } from './hub-error.js'
import {
  readHubSettings,
  usualConditions,
  type HubConditions,
  type HubSettings,
} from './hub-settings.js'
import { formatHubSource, type HubSource } from './model-source.js'
import { partialBytes } from './partial-file.js'
import { resolveSource } from './resolve-source.js'

/**
 * Gets a model from a Hugging Face hub and adds it to the store; the same commit twice fetches nothing. Only config.json,
 * tokenizer.json and safetensors files (or the one GGUF file) are fetched, each verified against the hub's checksum.
 * @throws HUB_NOT_FOUND, HUB_ACCESS_DENIED, HUB_RATE_LIMITED, HUB_UNREACHABLE, HUB_ANSWER_INVALID, HUB_REDIRECT_REFUSED,
 * DOWNLOAD_DAMAGED, DOWNLOAD_CANCELLED, DISK_FULL, UNSAFE_PICKLE, BAD_ARGUMENT, and what `addModel` throws
 */
export function downloadModel(
  source: HubSource,
  options: DownloadOptions,
): Promise<ModelDirectory> {
  return downloadModelUnder(usualConditions, source, options)
}

/** `downloadModel` in a world that is given. */
export async function downloadModelUnder(
  conditions: HubConditions,
  source: HubSource,
  options: DownloadOptions,
): Promise<ModelDirectory> {
  const settings = readHubSettings(options, conditions)
  const name = options.name ?? ownName(source)
  checkModelName(name)
  const meter = new DownloadMeter(options.onProgress)
  try {
    noteOpenToken(settings, options)
    makeHome(options.home)
    const cache = new HubCache(options.home, settings.endpoint.host, source.repository)
    meter.enter('resolving')
    const place = { source, home: options.home, settings, cache, meter }
    const { commit, listed } = await resolveSource(place, options.onNote)
    return await new Download({ ...place, commit }, name, options).run(listed)
  } catch (error) {
    if (options.signal?.aborted === true) throw downloadCancelled(formatHubSource(source))
    throw error
  }
}

class Download {
  private readonly fetched: HubFile[] = []

  constructor(
    private readonly context: DownloadContext,
    private readonly name: string,
    private readonly options: DownloadOptions,
  ) {}

  async run(listed: readonly HubFile[]): Promise<ModelDirectory> {
    const { source, cache, meter } = this.context
    const plan = chooseFiles(listed, source)
    this.noteLeftOut(listed)
    return cache.withDirectory(async (work) => {
      await this.fetchAll([...plan.first, ...plan.weights], plan.first)
      for (const file of plan.first) work.place(file, file.path)
      // Whether the engine reads such a model is known now, before gigabytes are fetched.
      if (plan.first.length > 0) refuseUnsupported(work)
      const weights = plan.sharded
        ? chooseShards(readShardIndex(work.path).files, listed, source)
        : plan.weights
      this.refuseOtherModel(weights)
      await this.fetchAll([...plan.first, ...weights], weights)
      meter.enter('importing')
      return this.add(work, weights)
    })
  }

  private async fetchAll(plan: readonly HubFile[], files: readonly HubFile[]): Promise<void> {
    const { cache, meter, settings } = this.context
    meter.plan(plan)
    const missing: HubFile[] = []
    for (const file of files) {
      if ((await cache.findBlob(file)) === null) missing.push(file)
      else meter.have(file, file.bytes)
    }
    if (settings.offline && missing[0] !== undefined) this.refuseIncomplete(missing[0])
    this.checkSpace(missing)
    for (const file of missing) await downloadFile(file, this.context)
    this.fetched.push(...files)
  }

  private add(work: WorkDirectory, weights: readonly HubFile[]): Promise<ModelDirectory> {
    const { source, commit, home, meter, settings } = this.context
    const paths = weights.map((file) => {
      const path = work.place(file, basename(file.path))
      if (file.checksum.kind === 'sha256') rememberDigest(path, file.checksum.digest, home)
      return path
    })
    return addModelInSteps(source.file === null ? work.path : paths[0]!, {
      home,
      name: this.name,
      arrival: { source: formatHubSource(source, commit), hub: this.origin() },
      onConverted: (done, total) => meter.convert(done, total),
      ...(settings.signal === null ? {} : { signal: settings.signal }),
    })
  }

  private origin(): HubOrigin {
    const { source, commit, settings } = this.context
    return {
      endpoint: settings.endpoint.host,
      repository: source.repository,
      revision: source.revision ?? 'main',
      commit,
      file: source.file,
      files: this.fetched.map(({ path, bytes, checksum }) => ({
        name: path,
        bytes,
        checksum: formatChecksum(checksum),
      })),
    }
  }

  private noteLeftOut(listed: readonly HubFile[]): void {
    const names = listed.map(({ path }) => path)
    const pickled = names.filter((path) => pickleFileNames.test(path))
    if (pickled.length > 0)
      this.options.onNote?.(
        `${pickled.slice(0, 3).join(', ')}: pickled weights can run code and are not fetched.`,
      )
    if (this.context.source.file === null && !names.includes(tokenizerFile))
      this.options.onNote?.(
        `${this.context.source.repository} has no ${tokenizerFile}: the model reads token ids only.`,
      )
  }

  /** Refused before the weights are fetched where their checksums tell already. */
  private refuseOtherModel(weights: readonly HubFile[]): void {
    const { home, source } = this.context
    const sums = weights.flatMap(({ path, checksum }) =>
      checksum.kind === 'sha256' ? [{ name: basename(path), sha256: checksum.digest }] : [],
    )
    refuseTakenName(this.name, home, ({ manifest: { files, hub } }) => {
      if (source.file !== null) return this.isSameFile(hub, weights)
      return sums.every(({ name, sha256 }) =>
        files.some((file) => file.name === name && file.sha256 === sha256),
      )
    })
  }

  private isSameFile(hub: HubOrigin | undefined, weights: readonly HubFile[]): boolean {
    const sums = weights.map(({ checksum }) => formatChecksum(checksum))
    return hub === undefined || hub.files.some(({ checksum }) => sums.includes(checksum))
  }

  private checkSpace(missing: readonly HubFile[]): void {
    const { cache, home, settings } = this.context
    const needed = missing.reduce(
      (sum, { bytes, checksum }) =>
        sum + Math.max(0, bytes - partialBytes(cache.partials, checksum.digest)),
      0,
    )
    const available = settings.conditions.freeBytes(home)
    if (needed === 0 || available === null || needed <= available) return
    throw new LensEngineError(
      'DISK_FULL',
      `${formatHubSource(this.context.source)} cannot be kept in ${home}: ${needed} bytes are needed, ${available} are free`,
      {
        details: { file: home, neededBytes: needed, availableBytes: available },
        cure: 'Free space on that disk, or point IMPRINT_HOME at a larger one, and try again.',
      },
    )
  }

  private refuseIncomplete({ path }: HubFile): never {
    const shown = formatHubSource(this.context.source)
    throw hubUnreachable('OFFLINE', `${path} of ${shown} is not in the cache`, {
      source: shown,
      file: path,
    })
  }
}

/** A mirror on one's own network may do without https, but who runs it should know. */
function noteOpenToken({ token, endpoint }: HubSettings, { onNote }: DownloadOptions): void {
  const own = ['localhost', '127.0.0.1', '[::1]'].includes(endpoint.hostname)
  if (token !== null && endpoint.protocol === 'http:' && !own)
    onNote?.(`The access token goes to ${endpoint.host} without encryption: its address is http.`)
}

function ownName(source: HubSource): string {
  return source.file === null
    ? toModelName(basename(source.repository))
    : ggufModelName(source.file)
}

function refuseUnsupported(work: WorkDirectory): void {
  const { config } = readConfig(work.path)
  findArchitecture(config).readShape(config)
}

function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true })
  } catch (error) {
    throw asWriteFailure(error, home)
  }
}
