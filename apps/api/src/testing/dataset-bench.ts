// For tests of data sets: files on this machine, imports of them to their end, and how much is in the tables.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eventually, startTestApi } from './test-api.js'
import type { GraphqlAnswer, TestApi } from './test-api.js'

const importFields = `id source name state stage receivedBytes totalBytes records rejected version
  rejections { record field reason } error { code message cure } dataset { id name version cases rejected }`

export interface ImportInput {
  readonly source: string
  readonly name?: string
  readonly format?: string
  readonly clientMutationId?: string
}

type Answer = NonNullable<GraphqlAnswer['data']>

export interface DatasetBench {
  readonly api: TestApi
  readonly files: string
  begin(input: ImportInput): Promise<Answer>
  read(id: string): Promise<Answer>
  /** Begins and waits for the end. */
  importAll(input: ImportInput): Promise<Answer>
  /** The path of a new file with this content. */
  write(content: string | Buffer, name?: string): string
  /** Data sets and cases in the tables. */
  counts(): Promise<{ readonly datasets: number; readonly cases: number }>
  stop(): Promise<void>
}

export async function startDatasetBench(): Promise<DatasetBench> {
  const api = await startTestApi()
  const files = mkdtempSync(path.join(os.tmpdir(), 'imprint-dataset-files-'))
  let made = 0
  const begin = async (input: ImportInput): Promise<Answer> => {
    const { data } = await api.graphql(
      `mutation($input: ImportDatasetInput!) { importDataset(input: $input) {
        datasetImport { ${importFields} } errors { code message field cure } } }`,
      { input },
    )
    return data.importDataset
  }
  const read = async (id: string): Promise<Answer> => {
    const query = `query($id: ID!) { datasetImport(id: $id) { ${importFields} } }`
    return (await api.graphql(query, { id })).data.datasetImport
  }
  const importAll = async (input: ImportInput): Promise<Answer> => {
    const { datasetImport, errors } = await begin(input)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return eventually(
      () => read(datasetImport.id),
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
    )
  }
  const write = (content: string | Buffer, name = `file-${made++}.jsonl`): string => {
    const file = path.join(files, name)
    writeFileSync(file, content)
    return file
  }
  const { dataset, datasetCase } = api.database.prisma
  const counts = async () => ({ datasets: await dataset.count(), cases: await datasetCase.count() })
  const stop = async (): Promise<void> => {
    await api.stop()
    rmSync(files, { recursive: true, force: true })
  }
  return { api, files, begin, read, importAll, write, counts, stop }
}

/** A record of Imprint's own format. */
export const sampleRecord = (id: string, changes: object = {}) => ({
  ...{ id, subject: 'Ambrose', prompt: 'The place of death of {} is', relation: 'P20' },
  ...{ target_new: 'Rome', target_true: 'London' },
  paraphrases: ['Ambrose died in'],
  neighbors: [{ prompt: 'James Nares died in', target: 'London' }],
  generation_prompts: ['Ambrose was'],
  ...changes,
})

export const toLines = (...records: object[]): string =>
  records.map((one) => JSON.stringify(one)).join('\n')
