// Edits: made, waited for, fetched as safetensors.
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrap } from './errors.js'
import {
  CreateEditDocument,
  EditsDocument,
  ImportEditDocument,
  OneEditDocument,
} from './generated/graphql.js'
import type { CreateEditInput, EditFieldsFragment, EditFilter } from './generated/graphql.js'
import { named, repeatable } from './lens.js'
import { listOf } from './pages.js'
import { readSafetensors } from './safetensors.js'
import type { TensorFile } from './safetensors.js'
import type { Transport } from './transport.js'
import { untilEnd } from './waiting.js'
import type { WaitOptions } from './waiting.js'

export type Edit = EditFieldsFragment
/** There is no long poll of edits. */
const askEvery = 500

export const editsOf = (transport: Transport) => {
  const get = async (id: string): Promise<Edit | null> =>
    (await transport.request(OneEditDocument, { id })).edit ?? null
  return {
    get,
    list: (filter: EditFilter | null = null) =>
      listOf(async (page) => (await transport.request(EditsDocument, { ...page, filter })).edits),
    create: async (input: CreateEditInput): Promise<Edit> => {
      const variables = { input: named(input) }
      const { createEdit } = await transport.request(CreateEditDocument, variables, repeatable)
      return unwrap(createEdit.edit, createEdit.errors)
    },
    /** Until it has been computed. @throws ImprintError with the code of its failure */
    wait: (id: string, options: WaitOptions = {}): Promise<Edit> => {
      let asked = false
      const ask = async () => {
        if (asked) await sleep(askEvery)
        asked = true
        return get(id)
      }
      return untilEnd(ask, ({ task }) => task, options)
    },
    /** Its factors, as the file that `lens edit` reads. */
    factors: async (id: string): Promise<TensorFile> => {
      const response = await transport.file(`/api/edits/${id}/edit.safetensors`)
      return readSafetensors(new Uint8Array(await response.arrayBuffer()))
    },
    export: async (id: string) => (await transport.file(`/api/edits/${id}.json`)).text(),
    import: async (text: string): Promise<Edit> => {
      const input = { uploadId: await transport.upload(text, 'edit.json') }
      const { importEdit } = await transport.request(ImportEditDocument, { input })
      return unwrap(importEdit.edit, importEdit.errors)
    },
  }
}
