// Files over plain HTTP: each route with the operation that the access table knows it by.
import type { Express, RequestHandler } from 'express'
import type { Environment } from './env.js'
import type { Viewer } from './features/account/viewer.js'
import {
  annotationsFileRoute,
  collectionFileRoute,
} from './features/annotation/annotation-file.route.js'
import { comparisonFileRoute } from './features/comparison/comparison-file.route.js'
import { casesFileRoute } from './features/dataset/cases-file.route.js'
import { uploadRoute } from './features/dataset/upload.route.js'
import { editFileRoute } from './features/edit/edit-file.route.js'
import { exportFileRoute } from './features/export/export-file.route.js'
import { vectorFileRoute } from './features/vector-file/vector-file.route.js'
import { forViewer } from './security/request-viewer.js'
import type { Services } from './services.js'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each route has parameters of its own
type HandlerFor = (viewer: Viewer) => RequestHandler<any>

/** In the order they are tried: `METHOD /path` -> the handler for a viewer. */
export function fileRoutes(
  services: Services,
  { webOrigins }: Pick<Environment, 'webOrigins'>,
): Readonly<Record<string, HandlerFor>> {
  const upload = uploadRoute(services.uploads, webOrigins)
  return {
    'GET /api/runs/:id/vectors.safetensors': (viewer) => vectorFileRoute(services, viewer),
    'GET /api/edits/:id/edit.safetensors': (viewer) => editFileRoute(services, viewer),
    'GET /api/runs/:id.json': (viewer) => exportFileRoute(services, viewer, 'run'),
    'GET /api/edits/:id.json': (viewer) => exportFileRoute(services, viewer, 'edit'),
    'GET /api/evaluations/:id/evaluation.json': (viewer) =>
      exportFileRoute(services, viewer, 'evaluation'),
    'GET /api/evaluations/:id/:file': (viewer) => comparisonFileRoute(services, viewer),
    'GET /api/datasets/:id/cases.jsonl': (viewer) => casesFileRoute(services, viewer),
    'GET /api/annotations.json': (viewer) => annotationsFileRoute(services, viewer),
    'GET /api/collections/:id.json': (viewer) => collectionFileRoute(services, viewer),
    'POST /api/uploads': upload,
  }
}

export function serveFiles(app: Express, services: Services, environment: Environment): void {
  for (const [operation, handlerFor] of Object.entries(fileRoutes(services, environment))) {
    const [method = '', path = ''] = operation.split(' ')
    const handler = forViewer(services.viewers, operation, handlerFor)
    if (method === 'GET') app.get(path, handler)
    else app.post(path, handler)
  }
}
