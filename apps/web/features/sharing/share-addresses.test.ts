import { expect, it } from 'vitest'
import { isShareable, permalink, sharedPath } from './share-addresses'

const place = { pathname: '/lens', search: '?run=r1&project=old&layer=2' }

it('shares the view without the project, which the link knows', () => {
  expect(sharedPath(place)).toBe('/lens?run=r1&layer=2')
  expect(sharedPath({ pathname: '/runs', search: '' })).toBe('/runs')
})

it('gives the team the view in its project', () => {
  expect(permalink('http://h', place, 'new')).toBe('http://h/lens?run=r1&layer=2&project=new')
  expect(permalink('http://h', { pathname: '/runs', search: '' }, null)).toBe('http://h/runs')
})

it('keeps account pages out', () => {
  expect(['/settings', '/team/audit', '/join/x'].some(isShareable)).toBe(false)
  expect(['/lens', '/settingsx', '/edits/1'].every(isShareable)).toBe(true)
})
