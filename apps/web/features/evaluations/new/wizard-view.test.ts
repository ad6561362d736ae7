import { describe, expect, it } from 'vitest'
import {
  EMPTY_WIZARD,
  formatWizard,
  isFilled,
  parseWizard,
  wizardAddress,
  type WizardView,
} from './wizard-view'

const view: WizardView = {
  from: 'e1',
  models: ['m1', 'm2'],
  groups: [
    { method: 'rome', values: { layer: { sweep: [2, 3] }, note: 'a~b & "c"' } },
    { method: 'ft', values: {}, name: 'FT, as in the paper', model: 'm2' },
    { method: 'no-edit', values: {} },
  ],
  sliceId: 's1',
  protocol: 'backward-lens',
  cases: '',
  seed: '7',
  divergence: false,
  texts: true,
  provider: 'CUDA',
  threads: '2',
  casesPerBatch: '16',
  priority: -10,
  name: 'All & more',
  note: 'two\nlines',
  preset: 'rome',
}
const back = (text: string) => parseWizard(new URLSearchParams(text))

describe('the address of the wizard', () => {
  it('holds everything', () => {
    expect(back(formatWizard(view))).toEqual(view)
    expect(back(formatWizard(EMPTY_WIZARD))).toEqual(EMPTY_WIZARD)
    expect(formatWizard(EMPTY_WIZARD)).toBe('')
    expect(wizardAddress({ sliceId: 's' })).toBe('/evaluations/new?slice=s')
  })

  it('tells no method from the default methods', () => {
    const none = { ...EMPTY_WIZARD, groups: [] }
    expect(back(formatWizard(none)).groups).toEqual([])
    expect(back('').groups).toBeNull()
  })

  it('takes methods by name alone', () => {
    expect(back('method=rome&method=ft').groups).toEqual([
      { method: 'rome', values: {} },
      { method: 'ft', values: {} },
    ])
  })

  it('bears nonsense', () => {
    const odd = back('arm=rome~{&arm=ft~[1]&arm=~{}&device=toaster&priority=x&model=')
    expect(odd).toMatchObject({
      groups: [
        { method: 'rome', values: {} },
        { method: 'ft', values: {} },
      ],
      provider: 'AUTO',
      priority: 0,
      models: [],
    })
    expect(back('priority=1e9').priority).toBe(100)
  })

  it('knows whether it was filled from another evaluation already', () => {
    expect(isFilled(back('from=e1'))).toBe(false)
    expect(isFilled(back('from=e1&arm=rome'))).toBe(true)
  })
})
