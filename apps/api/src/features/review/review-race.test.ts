// Twenty people decide at once, two hundred times (`npm run test:security`; fifty in `npm test`): one wins each version, and the
// history has no gap.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'

const people = 20
const rounds = process.env['IMPRINT_SLOW_CHECKS'] === '1' ? 200 : 50

let api: TestApi
let reviewers: Viewer[]
beforeAll(async () => {
  api = await startTestApi()
  reviewers = []
  for (let index = 0; index < people; index += 1)
    reviewers.push(await addViewer(api, 'researcher', `reviewer-${index}`))
})
afterAll(() => api.stop())

const codeOf = (error: unknown): string => (error as { code: string }).code

describe('reviewers at once', () => {
  it(`${people} of them, ${rounds} rounds: exactly one wins each version`, async () => {
    const { reviews, reviewRows } = api.services
    const author = await addViewer(api, 'researcher', 'author')
    const subjectId = await addEditRow(api, author)
    let review = await reviews.request(author, { subjectKind: 'EDIT', subjectId })
    const counts = { winners: 0, conflicts: 0, other: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const { id, version } = review
      const answers = await Promise.all(
        reviewers.map((viewer, index) =>
          reviews
            .decide(viewer, {
              ...{ id, version, body: `${index}` },
              decision: index % 2 === 0 ? 'APPROVE' : 'REQUEST_CHANGES',
            })
            .then((won) => ({ won, code: 'WON' }))
            .catch((error: unknown) => ({ won: null, code: codeOf(error) })),
        ),
      )
      const winners = answers.flatMap(({ won }) => won ?? [])
      counts.winners += winners.length
      counts.conflicts += answers.filter(({ code }) => code === 'CONFLICT').length
      expect(winners.map((won) => won.version)).toEqual([version + 1])
      const won = winners[0]!
      const step = won.state === 'APPROVED' ? 'reopen' : 'submit'
      review = await reviews[step](author, { id, version: won.version })
    }
    counts.other = people * rounds - counts.winners - counts.conflicts
    console.log(`reviewers at once: ${JSON.stringify(counts)}`)
    expect(counts).toEqual({ winners: rounds, conflicts: rounds * (people - 1), other: 0 })
    const versions = (await reviewRows.events([review.id])).map(({ version }) => version)
    expect(versions).toEqual(Array.from({ length: 1 + 2 * rounds }, (_, index) => index + 1))
    expect(review.round).toBe(rounds + 1)
  }, 180_000)
})
