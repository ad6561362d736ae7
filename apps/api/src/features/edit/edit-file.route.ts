// GET /api/edits/:id/edit.safetensors: an edit as the file that `lens edit` writes, rebuilt from its rows and verified.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { RequestHandler, Response } from 'express'
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import { writeEditFile } from '../../engine/stored-edit.js'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'

export function editFileRoute(services: Services, viewer: Viewer): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const edit = await services.edits.get(viewer, request.params.id)
    if (edit === null)
      return void response
        .status(404)
        .json({ code: 'EDIT_NOT_FOUND', message: 'There is no edit with this id.' })
    if (edit.digest === null)
      return void response
        .status(409)
        .json({ code: 'EDIT_NOT_COMPUTED', message: 'The edit has not been computed.' })
    try {
      const [content] = await services.editContents.load([edit.id])
      if (!content) throw new Error(`Edit ${edit.id} has no content`)
      sendFile(response, edit.id, (file) => writeEditFile(file, content))
    } catch (error) {
      if (!(error instanceof LensEngineError)) throw error
      const { code, message, cure } = error
      response.status(422).json({ code, message, cure })
    }
  }
}

/** Through a file of its own, which is gone when the answer is out. */
function sendFile(response: Response, id: string, write: (file: string) => void): void {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-edit-'))
  const forget = (): void => rmSync(directory, { recursive: true, force: true })
  try {
    const file = path.join(directory, 'edit.safetensors')
    write(file)
    response.type('application/octet-stream')
    response.download(file, `imprint-edit-${id}.safetensors`, forget)
  } catch (error) {
    forget()
    throw error
  }
}
