// GET /api/runs/:id/vectors.safetensors: the binary route of X and Delta.
import type { RequestHandler } from 'express'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'

const longestWait = 20_000
const retryAfterSeconds = 2

export function vectorFileRoute(
  services: Services,
  viewer: Viewer,
): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const run = await services.lensRuns.get(viewer, request.params.id)
    if (run === null)
      return void response
        .status(404)
        .json({ code: 'RUN_NOT_FOUND', message: 'There is no run with this id.' })
    const answer = await services.vectorFiles.get(run.configDigest, longestWait)
    if ('error' in answer) return void response.status(422).json(answer.error)
    if ('waiting' in answer) {
      response.status(202).set('Retry-After', String(retryAfterSeconds))
      return void response.json({
        code: 'COMPUTING',
        message: 'The vectors are being computed. Ask again.',
      })
    }
    response.type('application/octet-stream')
    response.download(answer.file, `imprint-run-${run.id}.safetensors`, { dotfiles: 'allow' })
  }
}
