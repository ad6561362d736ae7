import { describe, expect, it } from 'vitest'
import type { DevicePartsFragment } from '../../graphql/generated/graphql'
import { byMachine, deviceOfSlug, deviceOptions, deviceSlug, sayDevice } from './device-facts'

const base = { machine: 'a', automatic: false, reason: null } as const
const cpu = { ...base, provider: 'CPU', state: 'USABLE', name: 'Processor', automatic: true }
const cuda = { ...base, provider: 'CUDA', state: 'REFUSED', name: null, reason: 'no GPU' }
const webgpu = { ...base, provider: 'WEBGPU', state: 'SOFTWARE', name: 'llvmpipe' }
const devices = [cuda, webgpu, cpu] as DevicePartsFragment[]

describe('the choices of a device', () => {
  it('name the device behind each, or why there is none', () => {
    expect(deviceOptions(devices)).toMatchObject([
      { provider: 'AUTO', detail: 'now Processor', refused: false },
      { provider: 'CPU', detail: 'Processor', refused: false },
      { provider: 'WEBGPU', detail: 'llvmpipe (a program, slow)', refused: false },
      { provider: 'CUDA', detail: 'no GPU', refused: true },
    ])
  })

  it('are all open until a worker has said what it has', () => {
    expect(deviceOptions([]).some(({ refused }) => refused)).toBe(false)
  })

  it('are refused only when every machine refuses them', () => {
    const other = { ...cuda, machine: 'b', state: 'USABLE', name: 'H200' } as DevicePartsFragment
    const found = deviceOptions([...devices, other]).find(({ provider }) => provider === 'CUDA')
    expect(found).toMatchObject({ refused: false, detail: 'H200' })
    expect(byMachine([...devices, other]).map(([machine, its]) => [machine, its.length])).toEqual([
      ['a', 3],
      ['b', 1],
    ])
  })

  it('have a word in the address', () => {
    expect(deviceOfSlug(deviceSlug('WEBGPU'))).toBe('WEBGPU')
    expect(deviceOfSlug('abacus')).toBeNull()
    expect(sayDevice({ ...cuda, reason: null } as DevicePartsFragment)).toBe(
      'it does not work here',
    )
  })
})
