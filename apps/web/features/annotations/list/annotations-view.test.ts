import { expect, it } from 'vitest'
import {
  annotationFilterOf,
  formatAnnotationsView,
  parseAnnotationsView,
  type AnnotationsView,
} from './annotations-view'

const read = (query: string) => parseAnnotationsView(new URLSearchParams(query))

it('asks for everything, newest first, at the bare address', () => {
  expect(formatAnnotationsView(read(''))).toBe('')
  expect(annotationFilterOf(read(''))).toBeNull()
  expect(read('').order).toBe('NEWEST')
})

it('reads back what it writes', () => {
  const view: AnnotationsView = {
    search: 'cities of "France"',
    state: 'ACCEPTED',
    kind: 'NEURON',
    modelId: 'm1',
    tag: 'capital-city',
    authorId: 'u1',
    order: 'CONFIDENCE',
  }
  expect(read(formatAnnotationsView(view))).toEqual(view)
  expect(annotationFilterOf(view)).toEqual({
    search: 'cities of "France"',
    state: 'ACCEPTED',
    anchorKind: 'NEURON',
    modelId: 'm1',
    tag: 'capital-city',
    authorId: 'u1',
  })
})

it('leaves out what it does not know', () => {
  expect(annotationFilterOf(read('state=maybe&on=moon&search=%20'))).toBeNull()
  expect(read('order=random').order).toBe('NEWEST')
})
