// An uploaded file is there for whoever sent it, and for nobody else: not by its id, in whatever operation takes one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { joinAs, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'

let api: TestApi
let owner: TestPerson
let colleague: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
  owner = await setUpOwner(api)
  colleague = await joinAs(api, owner, 'admin', 'Cora Colleague')
})
afterAll(() => api.stop())

const record = { id: 'a', subject: 'Ambrose', prompt: '{} died in', target_new: 'Rome' }

async function upload({ cookies }: TestPerson): Promise<string> {
  const response = await fetch(`${api.url}/api/uploads?name=a.jsonl`, {
    method: 'POST',
    headers: {
      ...{ cookie: cookies, 'x-imprint-upload': '1' },
      'content-type': 'application/octet-stream',
    },
    body: JSON.stringify(record),
  })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}

const importData = async (person: TestPerson, id: string) =>
  (
    await person.graphql(
      'mutation($source: String!) { importDataset(input: { source: $source }) { datasetImport { id } errors { code } } }',
      { source: `upload:${id}` },
    )
  ).data.importDataset

describe('a file that a colleague sent', () => {
  it('is not found as a data set, and stays there for who sent it', async () => {
    const id = await upload(owner)
    expect(await importData(colleague, id)).toEqual({
      datasetImport: null,
      errors: [{ code: 'UPLOAD_NOT_FOUND' }],
    })
    const mine = await importData(owner, id)
    expect(mine.errors).toEqual([])
    const query = 'query($id: ID!) { datasetImport(id: $id) { state error { code } } }'
    const { data } = await eventually(
      () => owner.graphql(query, { id: mine.datasetImport.id }),
      (answer) => !['QUEUED', 'RUNNING'].includes(answer.data.datasetImport.state),
    )
    expect(data.datasetImport).toEqual({ state: 'DONE', error: null })
  })

  it.each([
    ['importRun', 'ImportFileInput'],
    ['importEdit', 'ImportFileInput'],
    ['importEvaluation', 'ImportFileInput'],
    ['importAnnotations', 'ImportAnnotationsInput'],
  ])('is not found by %s', async (name, type) => {
    const uploadId = await upload(owner)
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { errors { code } } }`
    const codeFor = async (person: TestPerson): Promise<string> =>
      (await person.graphql(query, { input: { uploadId } })).data[name].errors[0].code
    expect(await codeFor(colleague)).toBe('UPLOAD_NOT_FOUND')
    expect(await codeFor(owner)).not.toBe('UPLOAD_NOT_FOUND')
  })
})
