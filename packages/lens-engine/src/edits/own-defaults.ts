// A user's own sweep <-> its file under Imprint's home: `hyperparameters/<method>/<model>.json`, as the package's own are.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedModel } from '../runtime/load-model.js'
import { writeFileAtomically } from '../weights/atomic-file.js'
import { ownDefaultsDirectory, type DefaultsFile } from './default-hyperparameters.js'
import type { EditMethodName } from './edit-method.js'
import type { HyperparameterValues } from './hyperparameters.js'

export interface OwnDefaults {
  readonly method: EditMethodName
  /** Complete. */
  readonly values: HyperparameterValues
  /** How they were found, in words. */
  readonly source: string
}

/**
 * Writes the defaults of a method for these weights, in place of earlier ones. They win over the package's own.
 * @returns the file
 * @throws DISK_FULL, FILE_UNREADABLE
 */
export function writeOwnDefaults(
  home: string,
  { files }: Pick<LoadedModel, 'files'>,
  { method, values, source }: OwnDefaults,
): string {
  const directory = ownDefaultsDirectory(home, method)
  mkdirSync(directory, { recursive: true })
  const path = join(directory, `${files.name}.json`)
  const { weightsDigest } = files
  const content: DefaultsFile = { match: { weightsDigest }, provenance: 'swept', source, values }
  const text = `${JSON.stringify(content, null, 2)}\n`
  writeFileAtomically(path, (append) => append(Buffer.from(text)))
  return path
}
