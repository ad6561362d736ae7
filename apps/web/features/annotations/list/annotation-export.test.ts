import { expect, it } from 'vitest'
import type { AnnotationPartsFragment } from '../../../graphql/generated/graphql'
import { annotationsCsv } from './annotation-export'

const one = (label: string) =>
  ({
    label,
    state: 'PROPOSED',
    anchor: { title: 'Neuron 5/312', kind: 'NEURON', path: '/models/m/neurons/5/312' },
    tags: ['a', 'b'],
    confidence: 0.5,
    description: 'Says "Paris",\nthen Lyon',
    author: { name: 'Ada' },
    version: 2,
    updatedAt: '2026-01-01T00:00:00.000Z',
  }) as unknown as AnnotationPartsFragment

it('writes one row for each, quoted where it must be', () => {
  const lines = annotationsCsv([one('French cities')])
  expect(lines).toContain('French cities,proposed,Neuron 5/312,neuron,a b,0.5,"Says ""Paris"",')
})

it('makes no formula of a label', () => {
  expect(annotationsCsv([one('=HYPERLINK("x")')])).toContain(`'=HYPERLINK`)
})
