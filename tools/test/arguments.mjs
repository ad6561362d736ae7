// The words after `npm test --`.
import { steps } from './steps.mjs'

class UsageError extends Error {
  constructor(message) {
    super(message)
    this.name = 'UsageError'
  }
}

/** Reads the flags; a wrong one throws a UsageError. */
export function readArguments(words) {
  const options = { help: false, withoutBrowser: false, only: [] }
  for (let index = 0; index < words.length; index += 1) {
    const [flag, value] = words[index].split(/=(.*)/s)
    if (flag === '--help' || flag === '-h') options.help = true
    else if (flag === '--without-browser') options.withoutBrowser = true
    else if (flag === '--only') options.only.push(...stepNames(value ?? words[(index += 1)]))
    else throw new UsageError(`Unknown word: ${words[index]}`)
  }
  return options
}

function stepNames(value) {
  const known = steps.map(({ id }) => id)
  const names = (value ?? '').split(',').filter(Boolean)
  const wrong = names.filter((name) => !known.includes(name))
  if (names.length === 0 || wrong.length > 0) {
    throw new UsageError(`--only wants steps out of: ${known.join(', ')}`)
  }
  return names
}

/** The text of `npm test -- --help`. */
export function usage() {
  const width = Math.max(...steps.map(({ id }) => id.length))
  return [
    'npm test                        install what is missing, run every check, print one summary',
    'npm test -- --only <step>       one step, or several: --only engine,api',
    'npm test -- --without-browser   leave the end-to-end tests out, and say so',
    '',
    'Steps, in order:',
    ...steps.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`),
    '',
    'The full output of each step is kept in .imprint/test/<step>.log.',
    'Ends with 0 when nothing failed, 1 when something did, 2 for a wrong flag.',
  ].join('\n')
}
