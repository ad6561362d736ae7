// GET /api/datasets/:id/cases.jsonl: the cases of a data set as Imprint's JSON lines, which can be imported again.
import type { RequestHandler } from 'express'
import { toImprintRecord } from '../../engine/dataset-library.js'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'
import { writeText } from '../write-text.js'

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
      await writeText(response, lines.join(''))
    }
    response.end()
  }
}

const fileName = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100)
