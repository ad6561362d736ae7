import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { editMutations, sampleRequest } from '../../testing/edit-mutations.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let edits: ReturnType<typeof editMutations>
beforeAll(async () => {
  api = await startTestApi()
  edits = editMutations(api)
})
afterAll(() => api.stop())
beforeEach(() => api.database.prisma.edit.deleteMany())

describe('bad input of an edit', () => {
  const long = 'a'.repeat(64)
  for (const [what, changes, code, field] of [
    ['an unknown method', { method: 'rom' }, 'BAD_ARGUMENT', 'method'],
    ['an unknown model', { modelId: 'x' }, 'MODEL_NOT_FOUND', 'modelId'],
    ['no request', { requests: [] }, 'BAD_ARGUMENT', 'requests'],
    [
      'two requests of one',
      { method: 'rome', requests: [sampleRequest, sampleRequest] },
      'BAD_ARGUMENT',
      'requests',
    ],
    [
      'a subject that is not in the prompt',
      { requests: [{ ...sampleRequest, prompt: 'The capital is' }] },
      'SUBJECT_NOT_IN_PROMPT',
      'requests.0.subject',
    ],
    [
      'a subject that is there twice',
      { requests: [{ ...sampleRequest, prompt: 'France, France' }] },
      'SUBJECT_AMBIGUOUS',
      'requests.0.prompt',
    ],
    [
      'an empty target',
      { requests: [{ ...sampleRequest, target: ' ' }] },
      'TARGET_EMPTY',
      'requests.0.target',
    ],
    [
      'a target that is a text',
      { requests: [{ ...sampleRequest, target: long }] },
      'TARGET_TOO_LONG',
      'requests.0.target',
    ],
    [
      'a prompt longer than the model reads',
      { requests: [{ ...sampleRequest, prompt: `{} ${long}` }] },
      'PROMPT_TOO_LONG',
      'requests.0.prompt',
    ],
    [
      'an unknown hyperparameter',
      { hyperparameters: { speed: 3 } },
      'BAD_ARGUMENT',
      'hyperparameters.speed',
    ],
    [
      'a layer the model lacks',
      { hyperparameters: { layer: 2 } },
      'BAD_ARGUMENT',
      'hyperparameters.layer',
    ],
    ['hyperparameters in a list', { hyperparameters: [1] }, 'BAD_ARGUMENT', 'hyperparameters'],
    ['a seed below 0', { seed: -1 }, 'BAD_ARGUMENT', 'seed'],
    ['an edit that is not there', { onTopOf: [''] }, 'EDIT_NOT_FOUND', 'onTopOf'],
    [
      'NUL',
      { requests: [{ ...sampleRequest, subject: 'a\0' }] },
      'TEXT_INVALID',
      'requests.0.subject',
    ],
    [
      'an empty neighbor',
      { probes: { neighbors: [{ prompt: ' ', target: 'x' }] } },
      'PROMPT_EMPTY',
      'probes.neighbors.0.prompt',
    ],
    [
      'a long paraphrase',
      { probes: { paraphrases: [long, long + long] } },
      'PROMPT_TOO_LONG',
      'probes.paraphrases.1',
    ],
    [
      'many probes',
      { probes: { paraphrases: Array(21).fill('a') } },
      'BAD_ARGUMENT',
      'probes.paraphrases',
    ],
    ['a long name', { name: 'a'.repeat(201) }, 'TEXT_TOO_LONG', 'name'],
  ] as const) {
    it(`${what}: ${code}, and nothing is written`, async () => {
      const { edit, errors } = await edits.create(changes)
      expect(edit).toBeNull()
      expect(errors).toMatchObject([{ code, field }])
      expect(errors[0].cure.length).toBeGreaterThan(5)
      expect(await api.database.prisma.editTask.count()).toBe(0)
    })
  }

  it('a method that does not exist ends a list', async () => {
    const { errors } = await api.graphql('{ edits(filter: { method: "rom" }) { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})
