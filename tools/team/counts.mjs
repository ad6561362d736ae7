// How much is made up: 10,000 neurons with 50,000 annotations and as many comments, and what a team of thirteen has beside.
import { parseArgs } from 'node:util'

export function readCounts(argv, more = {}) {
  const { values } = parseArgs({
    args: argv,
    options: {
      neurons: { type: 'string', default: '10000' },
      annotations: { type: 'string', default: '50000' },
      comments: { type: 'string', default: '50000' },
      seed: { type: 'string', default: '1' },
      ...more,
    },
  })
  const whole = (name) => {
    const count = Number(values[name])
    if (!Number.isInteger(count) || count < 1)
      throw new Error(`--${name} ${values[name]} is no count`)
    return count
  }
  const annotations = whole('annotations')
  const share = (part) => Math.max(1, Math.round(annotations / part))
  const counts = {
    ...{ neurons: whole('neurons'), annotations, comments: whole('comments') },
    ...{ collections: share(250), prompts: share(25), runs: share(10), reviews: share(50) },
    ...{ activities: 2 * annotations, inbox: share(25) },
  }
  return { counts, seed: whole('seed'), values }
}
