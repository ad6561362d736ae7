import { expect, it } from 'vitest'
import { isForAnyone, isForTeam, permalink, sharedPath, shareTitle } from './share-addresses'

const place = { pathname: '/lens', search: '?run=r1&project=old&layer=2' }

it('shares the view without the project, which the link knows', () => {
  expect(sharedPath(place)).toBe('/lens?run=r1&layer=2')
  expect(sharedPath({ pathname: '/runs', search: '' })).toBe('/runs')
})

it('gives the team the view in its project', () => {
  expect(permalink('http://h', place, 'new')).toBe('http://h/lens?run=r1&layer=2&project=new')
  expect(permalink('http://h', { pathname: '/runs', search: '' }, null)).toBe('http://h/runs')
})

it('keeps account pages out, and gives pages without one thing to the team alone', () => {
  expect(['/', '/settings', '/team/audit', '/join/x'].some(isForTeam)).toBe(false)
  const team = ['/search', '/edits/new', '/evaluations/new', '/home', '/workers']
  expect(team.every(isForTeam)).toBe(true)
  expect(team.some(isForAnyone)).toBe(false)
  expect(['/lens', '/settingsx', '/edits/1', '/runs'].every(isForAnyone)).toBe(true)
})

it('calls a link after the kind of page and its heading, each once', () => {
  expect(shareTitle('Edit', ' Paris:\n Berlin ')).toBe('Edit: Paris: Berlin')
  expect(shareTitle('Lens', 'Lens')).toBe('Lens')
  expect(shareTitle('Evaluation', 'Evaluation of June')).toBe('Evaluation of June')
  expect(shareTitle('Figures', null)).toBe('Figures')
  expect(shareTitle('', undefined)).toBe('A view')
  expect(shareTitle('Edit', 'x'.repeat(300))).toHaveLength(120)
})
