import { expect, it } from 'vitest'
import { formatTable, parseTable, sortedBy, WHOLE_LAYER, type TableView } from './table-view'

const read = (query: string) => parseTable(new URLSearchParams(query))

it('leaves what is standard out of the address', () => {
  expect(formatTable(WHOLE_LAYER)).toBe('')
  expect(formatTable({ ...WHOLE_LAYER, order: 'ACTIVATION', direction: 'DESCENDING' })).toBe(
    'sort=activation',
  )
})

it('reads back every view that it writes', () => {
  const views: TableView[] = [
    WHOLE_LAYER,
    { order: 'INDEX', direction: 'DESCENDING', search: '', annotated: false },
    { order: 'EDIT_NORM', direction: 'ASCENDING', search: ' Paris & co', annotated: true },
    { order: 'ANNOTATIONS', direction: 'DESCENDING', search: 'x', annotated: false },
  ]
  for (const view of views) expect(read(formatTable(view))).toEqual(view)
})

it('reads an address written by hand as the nearest view', () => {
  expect(read('sort=nonsense&way=sideways&annotated=yes')).toEqual(WHOLE_LAYER)
})

it('turns a column round, and starts another with its largest', () => {
  const byActivation = sortedBy(WHOLE_LAYER, 'ACTIVATION')
  expect(byActivation).toMatchObject({ order: 'ACTIVATION', direction: 'DESCENDING' })
  expect(sortedBy(byActivation, 'ACTIVATION').direction).toBe('ASCENDING')
  expect(sortedBy(byActivation, 'INDEX').direction).toBe('ASCENDING')
})
