// GET /api/runs/:id.json, /api/edits/:id.json, /api/evaluations/:id/evaluation.json: a whole thing with its receipt.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'
import { writeExport } from './export-file.js'
import type { ExportKind } from './export-file.js'

export function exportFileRoute(
  services: Services,
  viewer: Viewer,
  kind: ExportKind,
): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = request.params
    const source = await services.exports.source(viewer, kind, id)
    if (source === null)
      return void response.status(404).json({
        code: 'EXPORT_NOT_FOUND',
        message: `There is no finished ${kind} with this id.`,
        cure: 'It may have been deleted, or still be under way.',
      })
    response.type('application/json').attachment(`imprint-${kind}-${id}.json`)
    // A reader that goes away, or a database that fails, cuts the file off before its digest.
    await pipeline(Readable.from(writeExport(source)), response).catch(() => response.destroy())
  }
}
