import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArguments, usage } from './arguments.mjs'
import { chooseSteps, steps } from './steps.mjs'

test('flags are read in both spellings', () => {
  assert.deepEqual(readArguments(['--only', 'engine,api', '--without-browser']), {
    help: false,
    withoutBrowser: true,
    only: ['engine', 'api'],
  })
  assert.deepEqual(readArguments(['--only=e2e']).only, ['e2e'])
})

test('wrong words and wrong steps are refused by name', () => {
  assert.throws(() => readArguments(['--fast']), /--fast/)
  assert.throws(() => readArguments(['--only', 'nothing']), /build, types/)
  assert.throws(() => readArguments(['--only']), /--only wants/)
})

test('the help names every step', () => {
  for (const { id } of steps) assert.match(usage(), new RegExp(`^  ${id} `, 'm'))
})

test('a step that needs the build brings it along', () => {
  const names = (only) => chooseSteps(only).map(({ id }) => id)
  assert.deepEqual(names(['api']), ['build', 'api'])
  assert.deepEqual(names(['lint']), ['lint'])
  assert.deepEqual(names([]), names(steps.map(({ id }) => id)))
})
