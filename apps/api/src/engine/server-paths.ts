// Which directories of this server a model may be taken from: path as typed -> real path, or a refusal by name.
import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { UserFailure } from '../errors/user-failure.js'

/** `any`: whatever the account of this process can read, for one user at the same machine. */
export type AllowedDirectories = 'any' | readonly string[]

const isInside = (place: string, root: string): boolean => {
  const way = path.relative(root, place)
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way))
}

export class ServerPaths {
  readonly #allowed: AllowedDirectories

  constructor(allowed: AllowedDirectories) {
    this.#allowed = allowed
  }

  /** The directories that may be named; null when any may. */
  get directories(): readonly string[] | null {
    return this.#allowed === 'any' ? null : this.#allowed
  }

  /**
   * The absolute path that a text means, checked by its letters alone: nothing is looked up on disk.
   * @throws PATH_NOT_ABSOLUTE, PATH_NOT_ALLOWED
   */
  check(text: string): string {
    const wanted = text.startsWith('~/') ? path.join(os.homedir(), text.slice(2)) : text
    if (!path.isAbsolute(wanted) || wanted.includes('\0'))
      throw new UserFailure('PATH_NOT_ABSOLUTE', `"${shorten(text)}" is no absolute path.`, {
        field: 'source',
        cure: 'Write the path from the root of the server’s disk, or hf:owner/name for the hub.',
      })
    const plain = path.resolve(wanted)
    if (!this.#roots().some((root) => isInside(plain, root))) throw this.#refusal(text)
    return plain
  }

  /**
   * The real path: links are followed, and neither it nor a file in it may lead out of the allowed directories.
   * @throws PATH_NOT_ABSOLUTE, PATH_NOT_ALLOWED, MODEL_NOT_FOUND
   */
  resolve(text: string): string {
    const plain = this.check(text)
    const real = realPathOf(plain)
    if (real === null)
      throw new UserFailure('MODEL_NOT_FOUND', `There is nothing at ${shorten(plain)}.`, {
        field: 'source',
        cure: 'Check the spelling; the path is read on the server, not on your own machine.',
      })
    const outside = [real, ...linksIn(real)].some(
      (place) => !this.#roots().some((root) => isInside(place, root)),
    )
    if (outside) throw this.#refusal(text)
    return real
  }

  #roots(): readonly string[] {
    if (this.#allowed === 'any') return [path.parse(process.cwd()).root]
    return this.#allowed.flatMap((directory) => {
      const plain = path.resolve(directory)
      return [plain, realPathOf(plain) ?? plain]
    })
  }

  #refusal(text: string): UserFailure {
    const { directories } = this
    const none = directories === null || directories.length === 0
    return new UserFailure(
      'PATH_NOT_ALLOWED',
      `Models may not be taken from "${shorten(text)}" on this server.`,
      {
        field: 'source',
        cure: none
          ? 'Whoever runs the server can allow directories with IMPRINT_MODEL_DIRECTORIES.'
          : `Put the model below ${directories.join(' or ')}, or add its directory to IMPRINT_MODEL_DIRECTORIES.`,
      },
    )
  }
}

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text)

function realPathOf(place: string): string | null {
  try {
    return realpathSync(place)
  } catch {
    return null
  }
}

/** Where the links in a directory lead; a link that leads nowhere is left to whoever opens it. */
function linksIn(place: string): string[] {
  if (!lstatSync(place).isDirectory()) return []
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .flatMap((entry) => realPathOf(path.join(place, entry.name)) ?? [])
}
