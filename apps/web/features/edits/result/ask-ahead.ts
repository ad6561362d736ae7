// Id of an edit -> the answer that is sent with its page: the edit, once it is computed.
import { Ahead } from '../../../graphql/ahead'
import { EditDocument } from '../../../graphql/generated/graphql'

/** null while it is computed, or where there is none: the page tells that by itself. */
export async function askEditAhead(id: string): Promise<Ahead['answers'] | null> {
  const ahead = new Ahead()
  const data = await ahead.ask(EditDocument, { id })
  return data?.edit?.task.state === 'DONE' ? ahead.answers : null
}
