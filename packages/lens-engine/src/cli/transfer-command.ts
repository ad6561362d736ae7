// `lens push` and `lens pull`: runs, edits and evaluations as files between this machine and a server.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { LensEngineError } from '../errors.js'
import type { CommandLine } from './command-line.js'
import { askServer, download, upload } from './server-call.js'
import { readLogin } from './server-login.js'

interface Kind {
  readonly path: (id: string) => string
  readonly mutation: string
  readonly field: string
}

const kinds: Readonly<Record<string, Kind>> = {
  run: { path: (id) => `/api/runs/${id}.json`, mutation: 'importRun', field: 'run' },
  edit: { path: (id) => `/api/edits/${id}.json`, mutation: 'importEdit', field: 'edit' },
  evaluation: {
    path: (id) => `/api/evaluations/${id}/evaluation.json`,
    ...{ mutation: 'importEvaluation', field: 'evaluation' },
  },
}

export function createPullCommand(line: CommandLine): Command {
  return new Command('pull')
    .description('fetch a run, an edit or an evaluation from the server as a file')
    .argument('<kind>', Object.keys(kinds).join(', '))
    .argument('<id>', 'its id, as in the address of its page')
    .option('--out <file>', 'where to; an edit as .safetensors is one that `lens edit` reads')
    .option('--json', 'JSON for scripts; errors too', false)
    .action(async (name: string, id: string, { out, json }: { out?: string; json: boolean }) => {
      const kind = kindOf(name)
      if (!/^[\w-]{1,64}$/.test(id)) throw badArgument(`${JSON.stringify(id)} is no id`)
      const file = out ?? `imprint-${name}-${id}.json`
      const factors = name === 'edit' && file.endsWith('.safetensors')
      const from = factors ? `/api/edits/${id}/edit.safetensors` : kind.path(id)
      const bytes = await download(readLogin(line.home), from)
      writeWhole(file, bytes)
      const answer = { kind: name, id, file, bytes: bytes.length }
      line.print([json ? JSON.stringify(answer) : `${file}: ${bytes.length} bytes`])
    })
}

export function createPushCommand(line: CommandLine): Command {
  return new Command('push')
    .description('send a file that `lens pull` or a page wrote to the server')
    .argument('<file>', 'an exported run, edit or evaluation')
    .option('--json', 'JSON for scripts; errors too', false)
    .action(async (file: string, { json }: { json: boolean }) => {
      const bytes = readExported(file)
      const name = formatOf(file, bytes)
      const { mutation, field } = kindOf(name)
      const login = readLogin(line.home)
      const uploadId = await upload(login, bytes, path.basename(file))
      const query = `mutation($input: ImportFileInput!) { ${mutation}(input: $input) {
        ${field} { id } errors { code message cure } } }`
      const made = await askServer<Record<string, { id: string }>>(login, query, {
        input: { uploadId },
      })
      const answer = { kind: name, id: made[field]?.id ?? '', file }
      line.print([json ? JSON.stringify(answer) : `${name} ${answer.id}`])
    })
}

function kindOf(name: string): Kind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined)
    throw badArgument(`${JSON.stringify(name)} is none of ${Object.keys(kinds).join(', ')}`)
  return kind
}

function readExported(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new LensEngineError('FILE_UNREADABLE', `${file} cannot be read`, {
      details: { reason: (error as Error).message },
      cure: 'Check the path and its permissions.',
    })
  }
}

/** By the first word of the file, so that a large one is not taken apart here. */
function formatOf(file: string, bytes: Buffer): string {
  const head = bytes.subarray(0, 200).toString('latin1')
  const name = /^\s*\{\s*"format"\s*:\s*"imprint-(\w+)"/.exec(head)?.[1] ?? ''
  if (Object.hasOwn(kinds, name)) return name
  throw badArgument(`${file} is no file that Imprint exported`)
}

/** Under its name only when it is whole. */
function writeWhole(file: string, bytes: Buffer): void {
  try {
    const draft = `${file}.${process.pid}.part`
    writeFileSync(draft, bytes)
    renameSync(draft, file)
  } catch (error) {
    throw new LensEngineError('FILE_UNREADABLE', `${file} cannot be written`, {
      details: { reason: (error as Error).message },
      cure: 'Name another place with --out.',
    })
  }
}

const badArgument = (message: string): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', message, {
    cure: 'See `lens push --help` and `lens pull --help`.',
  })
