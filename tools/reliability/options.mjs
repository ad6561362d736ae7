// The words after `npm run test:reliability --`.
import { scenarios } from './scenarios/index.mjs'

export const help = `npm run test:reliability [-- options]      needs \`npm run build\`

Real processes, a real PostgreSQL, the bundled model. Ends with 0 when every figure is reached.

  --small             the short version that npm test runs
  --only a,b          these scenarios only
  --rounds N          kills, restarts, zombies ... of each scenario
  --cases N           cases of each evaluation
  --json FILE         writes what was measured
  --help              this text

Scenarios:
${scenarios.map(({ id, title }) => `  ${id.padEnd(18)}${title}`).join('\n')}`

const numberOf = (flag, text) => {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`${flag} wants a whole number above 0, not "${text}".`)
}

const readers = {
  '--only': (text) => ({ only: text.split(',') }),
  '--rounds': (text) => ({ rounds: numberOf('--rounds', text) }),
  '--cases': (text) => ({ cases: numberOf('--cases', text) }),
  '--json': (text) => ({ json: text }),
}

/** @throws Error with a sentence for a wrong word */
export function readOptions(words) {
  const options = { small: false, help: false, only: null, json: null, rounds: null, cases: null }
  for (let index = 0; index < words.length; index += 1) {
    const [flag, given] = words[index].split(/=(.*)/s)
    if (flag === '--small' || flag === '--help') options[flag.slice(2)] = true
    else if (readers[flag])
      Object.assign(options, readers[flag](given ?? words[(index += 1)] ?? ''))
    else throw new Error(`Unknown option ${flag}.`)
  }
  const unknown = options.only?.filter((name) => !scenarios.some(({ id }) => id === name)) ?? []
  if (unknown.length > 0) throw new Error(`No scenario is called ${unknown.join(', ')}.`)
  return options
}

/** Scenarios to run, each with its size. */
export function chosenScenarios({ small, only, rounds, cases }) {
  const size = small ? 'small' : 'full'
  return scenarios
    .filter(({ id, sizes }) => sizes[size] !== null && (only === null || only.includes(id)))
    .map((scenario) => {
      const wanted = { ...scenario.sizes[size] }
      if (rounds !== null && wanted.rounds !== undefined) wanted.rounds = rounds
      if (cases !== null) wanted.cases = cases
      return { ...scenario, size: wanted }
    })
}
