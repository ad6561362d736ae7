import { expect, it } from 'vitest'
import { formatFigures, parseFigures } from './figures-view'

const parse = (text: string) => parseFigures(new URLSearchParams(text))

it('the address holds what is asked for', () => {
  const view = { modelId: 'm', sliceId: 's', prompts: 20, smallestStep: true }
  expect(parse(formatFigures(view))).toEqual(view)
  expect(formatFigures(parse(''))).toBe('')
})

it('prompts are a whole number within reason', () => {
  for (const wrong of ['0', '-1', '2.5', 'x', '1000000'])
    expect(parse(`prompts=${wrong}`).prompts).toBe(100)
})
