import { expect, it } from 'vitest'
import { settingRows } from './settings-model'

it('puts settings side by side', () => {
  const rows = settingRows({ layer: 3, clamp: null, steps: 20 }, { layer: 4, steps: 20, rate: 0.5 })
  expect(rows).toEqual([
    { name: 'layer', first: '3', second: '4', differs: true },
    { name: 'clamp', first: 'none', second: null, differs: true },
    { name: 'steps', first: '20', second: '20', differs: false },
    { name: 'rate', first: null, second: '0.5', differs: true },
  ])
})
