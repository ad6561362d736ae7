// What clients ask: what the pages ask when somebody looks at an evaluation, its cases and the lists, and some writes.
import { randomUUID } from 'node:crypto'

export function operationsOf({ evaluationId, sliceId, modelId }) {
  const id = evaluationId
  const read = [
    {
      query: '{ evaluations(first: 20) { edges { node { id name state } } } }',
      operationName: undefined,
    },
    {
      query:
        'query Progress($id: ID!) { evaluation(id: $id) { state progress { done total failed } } }',
      variables: { id },
    },
    { query: '{ models { edges { node { id name layers } } } server { ready workers } }' },
    {
      query:
        'query Cases($id: ID!) { slice(id: $id) { name cases sample(first: 5) { prompt subject } } }',
      variables: { id: sliceId },
    },
    {
      query:
        'query Rows($input: ComparisonInput!) { comparisonCases(input: $input, limit: 50) { total rows { place prompt } } }',
      variables: { input: { evaluationIds: [id] } },
    },
    {
      query:
        'query Words($id: ID!) { tokenize(modelId: $id, text: "The capital of France is") { count } }',
      variables: { id: modelId },
    },
  ]
  const save = () => ({
    query:
      'mutation Save($input: SavePromptInput!) { savePrompt(input: $input) { prompt { id } errors { message } } }',
    variables: { input: { text: `Load ${randomUUID()}`, modelId, clientMutationId: randomUUID() } },
  })
  const rename = (client) => ({
    query:
      'mutation Rename($id: ID!, $name: String!) { renameEvaluation(id: $id, name: $name) { evaluation { name } errors { message } } }',
    variables: { id, name: `seen by ${client}` },
  })
  return {
    evaluationId,
    /** Reads only, by turns, beginning with another one for each client. */
    reads: (client) => {
      let turn = client
      return () => read[turn++ % read.length]
    },
    /** One write in eight. */
    mixed: (client) => {
      let turn = client
      return () => {
        turn += 1
        if (turn % 16 === 0) return save()
        return turn % 16 === 8 ? rename(client) : read[turn % read.length]
      }
    },
  }
}
