// POST /api/uploads?name=…: a file's bytes as they are -> an id to import it by. Nothing looks into it yet.
import type { RequestHandler, Response } from 'express'
import { UserFailure } from '../../errors/user-failure.js'
import type { Viewer } from '../account/viewer.js'
import type { UploadStore } from './upload-store.js'

/** A page of another site cannot send this header without asking first, and is refused when it asks. */
const header = 'x-imprint-upload'
/** Uploads at once; more wait outside. */
const mostUploads = 4

const statusOf: Readonly<Record<string, number>> = {
  FILE_TOO_LARGE: 413,
  DISK_FULL: 507,
  TRANSFER_CUT_OFF: 400,
  UPLOAD_REFUSED: 403,
  UPLOAD_NOT_BYTES: 415,
  TOO_MANY_UPLOADS: 429,
}

export function uploadRoute(
  uploads: UploadStore,
  webOrigins: readonly string[],
): (viewer: Viewer) => RequestHandler {
  let running = 0
  return ({ userId }) =>
    async (request, response) => {
      const refusal = refusalOf(request.headers, webOrigins, running)
      if (refusal !== null) return refuse(response, refusal)
      running += 1
      try {
        const name = typeof request.query['name'] === 'string' ? request.query['name'] : ''
        const length = request.headers['content-length']
        const expected = length === undefined ? null : Number(length)
        const upload = await uploads.receive(request, userId, { name, expected })
        response.status(201).json({ id: upload.id, bytes: upload.bytes, digest: upload.digest })
      } catch (error) {
        if (!(error instanceof UserFailure)) throw error
        refuse(response, error)
      } finally {
        running -= 1
      }
    }
}

/** The rest of a body that is not wanted is not read: the connection ends with the answer. */
function refuse(response: Response, { code, message, cure }: UserFailure): void {
  response
    .status(statusOf[code] ?? 400)
    .set('connection', 'close')
    .json({ code, message, cure })
}

function refusalOf(
  headers: NodeJS.Dict<string | string[]>,
  webOrigins: readonly string[],
  running: number,
): UserFailure | null {
  const { origin } = headers
  if (headers[header] !== '1' || (origin !== undefined && !webOrigins.includes(String(origin))))
    return new UserFailure('UPLOAD_REFUSED', 'This upload was not sent by a page of Imprint.', {
      cure: `Send the header ${header}: 1, from an origin that IMPRINT_WEB_ORIGINS names.`,
    })
  if (headers['content-type'] !== 'application/octet-stream' || headers['content-encoding'])
    return new UserFailure('UPLOAD_NOT_BYTES', 'An upload is the file’s bytes as they are.', {
      cure: 'Send Content-Type: application/octet-stream and no Content-Encoding.',
    })
  if (running < mostUploads) return null
  return new UserFailure('TOO_MANY_UPLOADS', `${mostUploads} files are being uploaded already.`, {
    cure: 'Wait until one of them has arrived.',
  })
}
