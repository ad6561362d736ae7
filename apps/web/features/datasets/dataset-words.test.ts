import { expect, it } from 'vitest'
import { saySource } from './dataset-words'

it('says where a data set came from', () => {
  expect(saySource('upload:dd95ad7d-e75e-424e-ac16-50408ef97079')).toBe('uploaded file')
  expect(saySource('/data/counterfact.json')).toBe('/data/counterfact.json')
})
