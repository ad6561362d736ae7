// Why an evaluation waits, from what workers say of themselves: only when none of them can take any of it.
import { describe, expect, it } from 'vitest'
import type { WorkerStatus } from '../../jobs/worker-activity.js'
import { sampleDevices } from '../../testing/scripted-engine.js'
import { whyNobody } from './why-nobody.js'
import type { WaitingEvaluation } from './why-nobody.js'

const status: WorkerStatus = {
  ...{ processId: 1, model: null, doing: null, evaluationId: null, casesPerSecond: null },
  ...{ residentBytes: null, engines: [], missingModels: [] },
}
const trouble = { code: 'ENGINE_UNAVAILABLE', message: 'It does not start', cure: 'Mend it.' }
const devices = { ...sampleDevices, machine: 'here' }
const sound = { status, devices }
const broken = { status: { ...status, trouble }, devices }
const small = { id: 'id of small', name: 'small' }
const large = { id: 'id of large', name: 'large' }
const without = (...models: { id: string; name: string }[]) => {
  const [missingModels, missingModelIds] = [
    models.map(({ name }) => name),
    models.map(({ id }) => id),
  ]
  return { status: { ...status, missingModels, missingModelIds }, devices }
}
const ask = (changes: Partial<WaitingEvaluation>) =>
  whyNobody({
    ...{ provider: 'auto', running: false, models: [small], workers: [] },
    ...changes,
  })

describe('why nobody can compute an evaluation', () => {
  it('is said only where every living worker says so, and none computes it', () => {
    expect(ask({ workers: [broken] })).toEqual({ ...trouble, message: 'It does not start.' })
    expect(ask({ workers: [broken, sound] })).toBeNull()
    expect(ask({ workers: [broken], running: true })).toBeNull()
    expect(ask({ workers: [broken], models: [] })).toBeNull()
    expect(ask({ workers: [] })).toBeNull()
    expect(ask({ workers: [{ status: null, devices: null }] })).toBeNull()
  })

  it('names a model that nobody has, unless another one that is needed is there', () => {
    expect(ask({ workers: [without(small)] })).toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(ask({ workers: [without(small)], models: [large, small] })).toBeNull()
  })

  it('says that a model fits nowhere, before anything else, with the cure', () => {
    const message = 'The run needs 9 GiB'
    const found = { modelId: small.id, name: 'small', message, cure: 'Close programs.' }
    const worker = { status: { ...status, largeModels: [found] }, devices }
    expect(ask({ workers: [broken, worker] })).toEqual({
      ...{ code: 'MODEL_TOO_LARGE', cure: 'Close programs.' },
      message:
        'No worker that is alive has the memory for small: The run needs 9 GiB. Other workers: ENGINE_UNAVAILABLE.',
    })
    expect(ask({ workers: [sound, worker] })).toBeNull()
  })

  it('is not said of a model of another project with the same name', () => {
    const other = { ...small, id: 'of another project' }
    const found = { modelId: other.id, name: 'small', message: 'Large', cure: 'Close programs.' }
    const full = { status: { ...status, largeModels: [found] }, devices }
    expect(ask({ workers: [full, without(other)] })).toBeNull()
    expect(ask({ workers: [full], models: [other] })?.code).toBe('MODEL_TOO_LARGE')
  })

  it('names a device that nobody has', () => {
    expect(ask({ workers: [sound], provider: 'cuda' })?.code).toBe('PROVIDER_UNAVAILABLE')
    expect(ask({ workers: [sound], provider: 'webgpu' })).toBeNull()
  })

  it('names the other reasons of other workers', () => {
    expect(ask({ workers: [broken, without(small), broken] })?.message).toBe(
      'It does not start. Other workers: MODEL_NOT_FOUND.',
    )
  })
})
