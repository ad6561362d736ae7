import { expect, it } from 'vitest'
import { fittingPages, groupsOf, PLACES, tokenSearchRow } from './palette-model'

const hit = (kind: 'RUN' | 'NEURON', id: string) => ({
  kind,
  id,
  title: id,
  snippet: [],
  path: `/${id}`,
})

it('offers every page before anything is typed', () => {
  expect(groupsOf('', []).map(({ title }) => title)).toEqual(['Pages'])
  expect(fittingPages('')).toHaveLength(PLACES.length)
})

it('finds pages by the beginning of words', () => {
  expect(fittingPages('neur').map(({ title }) => title)).toEqual(['Neurons'])
  expect(fittingPages('new ed').map(({ title }) => title)).toEqual(['New edit'])
  expect(fittingPages('zzz')).toEqual([])
})

it('keeps the order in which kinds were found', () => {
  const groups = groupsOf('paris', [hit('NEURON', 'n1'), hit('RUN', 'r1'), hit('NEURON', 'n2')])
  expect(groups.map(({ title }) => title)).toEqual(['Neurons', 'Runs', 'Tokens'])
  expect(groups[0]?.rows.map(({ key }) => key)).toEqual(['NEURON:n1', 'NEURON:n2'])
})

it('links to the token search with what was typed', () => {
  expect(tokenSearchRow(' Pa&ris ').path).toBe('/search?token=Pa%26ris')
})
