// GET /api/datasets/:id/cases.jsonl: the cases of a data set as Imprint's JSON lines, which can be imported again.
import { once } from 'node:events'
import type { RequestHandler, Response } from 'express'
import { toImprintRecord } from '../../engine/dataset-library.js'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'

/** Cases that are read from the database together. */
const groupSize = 500

export function casesFileRoute(services: Services, viewer: Viewer): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const dataset = await services.datasets.get(viewer, request.params.id)
    if (dataset === null)
      return void response
        .status(404)
        .json({ code: 'DATASET_NOT_FOUND', message: 'There is no data set with this id.' })
    response.type('application/x-ndjson').attachment(`${fileName(dataset.name)}.jsonl`)
    for (let place = 0; place < dataset.cases && !response.destroyed; place += groupSize) {
      const rows = await services.datasetCases.after(dataset.id, place, groupSize)
      const lines = rows.map(({ record }) => `${JSON.stringify(toImprintRecord(record))}\n`)
      await write(response, lines.join(''))
    }
    response.end()
  }
}

/** Waits for a slow reader instead of keeping everything in memory. */
async function write(response: Response, text: string): Promise<void> {
  if (response.write(text) || response.destroyed) return
  await Promise.race([once(response, 'drain'), once(response, 'close')])
}

const fileName = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100)
