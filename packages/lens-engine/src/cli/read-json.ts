// A JSON file -> its value, or an error that names the file.
import { readFileSync } from 'node:fs'
import { LensEngineError } from '../errors.js'

/** @throws FILE_UNREADABLE, BAD_ARGUMENT for a file that is no JSON */
export function readJsonFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new LensEngineError('FILE_UNREADABLE', `${file} cannot be read: ${String(error)}`, {
      details: { file },
      cure: 'Check that the file is there and that this user may read it.',
      cause: error,
    })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new LensEngineError('BAD_ARGUMENT', `${file} is no JSON: ${String(error)}`, {
      details: { file },
      cure: 'Correct the file; quotes are double, and no comma stands at the end.',
      cause: error,
    })
  }
}

export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
