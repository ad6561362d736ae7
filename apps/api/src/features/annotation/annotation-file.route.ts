// GET /api/annotations.json and /api/collections/:id.json: annotations to take away, with a receipt.
import type { Request, RequestHandler, Response } from 'express'
import { UserFailure } from '../../errors/user-failure.js'
import { annotationStates } from '../../vocabulary/note-names.js'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'
import { writeText } from '../write-text.js'
import type { AnnotationFilter } from './annotation.input.js'

/** The query names the fields of AnnotationFilter but for `anchor`: search, anchorKind, modelId, layer, tag, state, authorId. */
export function annotationsFileRoute(services: Services, viewer: Viewer): RequestHandler {
  return async (request, response) => {
    try {
      const filter = filterOf(request.query)
      const conditions = await services.annotations.conditionsOf(viewer, filter)
      await send(
        response,
        'annotations.json',
        await services.annotationExports.project(viewer, conditions),
      )
    } catch (error) {
      fail(response, error)
    }
  }
}

export function collectionFileRoute(
  services: Services,
  viewer: Viewer,
): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const found = await services.annotationExports.collection(viewer, request.params.id)
    if (found === null)
      return void response
        .status(404)
        .json({ code: 'COLLECTION_NOT_FOUND', message: 'There is no collection with this id.' })
    const name = found.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)
    try {
      await send(response, `${name}.json`, found.text)
    } catch (error) {
      fail(response, error)
    }
  }
}

/** @throws UserFailure BAD_ARGUMENT */
function filterOf(query: Request['query']): AnnotationFilter {
  const text = (name: string): string | null => {
    const value = query[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const oneOf = <Key extends string>(name: string, keys: readonly Key[]): Key | null => {
    const value = text(name)
    if (value === null || keys.includes(value as Key)) return value as Key | null
    throw badQuery(name, `${value} is none of ${keys.join(', ')}`)
  }
  const layer = text('layer')
  if (layer !== null && !/^\d{1,4}$/.test(layer)) throw badQuery('layer', `${layer} is no layer`)
  return {
    ...{ search: text('search'), tag: text('tag'), modelId: text('modelId') },
    ...{ authorId: text('authorId'), layer: layer === null ? null : Number(layer) },
    state: oneOf('state', annotationStates.keys),
    anchorKind: oneOf('anchorKind', anchorKinds.keys),
  }
}

const badQuery = (field: string, what: string): UserFailure =>
  new UserFailure('BAD_ARGUMENT', `${what}.`, { field, cure: 'Correct it, or leave it away.' })

async function send(response: Response, name: string, text: AsyncIterable<string>): Promise<void> {
  response.type('application/json').attachment(name)
  for await (const piece of text) {
    if (response.destroyed) return
    await writeText(response, piece)
  }
  response.end()
}

/** A file that has begun is cut off, so that nobody takes it for whole. */
function fail(response: Response, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  if (!(error instanceof UserFailure)) throw error
  response.status(400).json({ code: error.code, message: error.message, field: error.field })
}
