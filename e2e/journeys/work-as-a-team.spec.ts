// A team at work, in two browsers at once: an owner sets up and invites; what one says the other sees; an edit is reviewed
// twice; approved edits get a map; the history tells it all; a viewer and a share link only read.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.js'
import { startTeamStack } from '../stack/team-stack.js'
import type { Person, TeamStack } from '../stack/team-stack.js'

test.describe.configure({ mode: 'serial', retries: 0 })

const pictures = fileURLToPath(new URL('../screenshots/tutorial', import.meta.url))
const picture = (page: Page, name: string) =>
  page.screenshot({ path: path.join(pictures, `${name}.png`) })

let stack: TeamStack
let owner: Person
let second: Person
let modelId = ''
const edits: string[] = []

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000)
  stack = await startTeamStack()
  owner = await stack.person(browser)
  second = await stack.person(browser)
})
test.afterAll(async () => {
  await owner?.context.close()
  await second?.context.close()
  await stack?.stop()
})

const neuronPath = () => `/models/${modelId}/neurons/2/17`
const thread = (page: Page) => page.getByTestId('comment-thread').first()

/** Writes into the thread that is open. */
async function say(page: Page, label: string, text: string): Promise<void> {
  const field = thread(page).getByRole('textbox', { name: label })
  await field.fill(text)
  await field.press('Control+Enter')
  await expect(thread(page).getByTestId('comment').filter({ hasText: text })).toBeVisible()
}

async function makeEdit(person: Person, subject: string, target: string, truth: string) {
  const { createEdit } = await person.ask<{ createEdit: { edit: { id: string } | null } }>(
    `mutation($input: CreateEditInput!) { createEdit(input: $input) { edit { id } errors { message } } }`,
    {
      input: {
        modelId,
        method: 'forward-shift',
        requests: [{ prompt: 'The capital of {} is', subject, target }],
        probes: { truth, paraphrases: [], neighbors: [] },
      },
    },
  )
  const id = createEdit.edit?.id ?? ''
  await expect
    .poll(
      async () =>
        (
          await person.ask<{ edit: { task: { state: string } } }>(
            'query($id: ID!) { edit(id: $id) { task { state } } }',
            { id },
          )
        ).edit.task.state,
      { timeout: 60_000 },
    )
    .toBe('DONE')
  return id
}

test('the demo is readable before anybody owns the server; writing is not', async () => {
  await owner.open('/')
  await expect(owner.page.getByTestId('visitor-banner')).toContainText('needs an owner')
  await expect(owner.page.locator('[data-cell]').first()).toBeVisible({ timeout: 30_000 })
  await expect(
    owner.ask('mutation { savePrompt(input: { text: "a" }) { errors { code } } }'),
  ).rejects.toThrow('SIGN_IN_REQUIRED')
})

test('the first visitor becomes the owner in one step', async () => {
  await owner.page.getByTestId('create-owner-link').click()
  await owner.page.getByLabel('Your name').fill('Ada')
  await owner.page.getByLabel('E-mail').fill('ada@example.org')
  await owner.page.getByRole('textbox', { name: 'Password' }).fill('a long enough sentence 1')
  await picture(owner.page, '1-owner')
  await owner.page.getByRole('button', { name: 'Create the account' }).click()
  await expect(owner.page.getByTestId('visitor-banner')).toHaveCount(0)
  await expect(owner.page.getByRole('button', { name: 'Account of Ada' })).toBeVisible()
  const { me, models } = await owner.ask<{
    me: { role: string; setupNeeded: boolean }
    models: { edges: { node: { id: string } }[] }
  }>('{ me { role setupNeeded } models(first: 1) { edges { node { id } } } }')
  expect(me).toEqual({ role: 'ADMIN', setupNeeded: false })
  modelId = models.edges[0]?.node.id ?? ''
})

test('an invitation link brings a second person in, once', async ({ browser }) => {
  await owner.open('/team')
  await owner.page.getByTestId('invite-form').getByLabel('As').selectOption('RESEARCHER')
  await owner.page.getByTestId('create-invitation').click()
  const shown = owner.page.getByTestId('new-invitation')
  await expect(shown).toBeVisible()
  await picture(owner.page, '2-invite')
  const link = /http\S+\/join\/[\w-]+/.exec(
    (await shown.innerText()) + (await shown.innerHTML()),
  )?.[0]
  expect(link).toBeTruthy()
  await shown.getByRole('button', { name: 'Done' }).click()
  await expect(shown).toHaveCount(0)
  await expect(owner.page.getByTestId('create-invitation')).toBeVisible()
  await second.open(new URL(link as string).pathname)
  await expect(second.page.getByTestId('invitation-preview')).toContainText('Ada invites you')
  await second.page.getByLabel('Your name').fill('Grace')
  await second.page.getByLabel('E-mail').fill('grace@example.org')
  await second.page.getByRole('textbox', { name: 'Password' }).fill('another long sentence 2')
  await second.page.getByRole('button', { name: 'Create the account and join' }).click()
  await expect(second.page.getByRole('button', { name: 'Account of Grace' })).toBeVisible()
  const third = await stack.person(browser)
  await third.open(new URL(link as string).pathname)
  await expect(third.page.getByTestId('invitation-gone')).toBeVisible()
  await third.context.close()
})

test('the second person annotates a neuron; both see it', async () => {
  await second.open(neuronPath())
  await expect(second.page.getByTestId('neuron-title')).toBeVisible()
  const form = second.page.getByTestId('annotation-form')
  if ((await form.count()) === 0) await second.page.getByTestId('annotate').first().click()
  await second.page.getByTestId('annotation-label').fill('capital cities')
  await second.page.getByTestId('annotation-description').fill('Fires on **capitals**.')
  await second.page.getByTestId('annotation-submit').click()
  await expect(second.page.getByTestId('annotation').first()).toContainText('capital cities')
  await picture(second.page, '3-neuron')
  await owner.open('/annotations')
  await expect(owner.page.getByText('capital cities').first()).toBeVisible()
})

test('a comment on a cell is seen live by the other, who replies', async () => {
  const { lensRuns } = await owner.ask<{ lensRuns: { edges: { node: { id: string } }[] } }>(
    '{ lensRuns(first: 1, filter: { state: DONE }) { edges { node { id } } } }',
  )
  const run = lensRuns.edges[0]?.node.id ?? ''
  for (const { page } of [owner, second]) {
    await page.goto(`${stack.webUrl}/lens?run=${run}&cell=2.1`)
    await expect(page.locator('[data-cell]').first()).toBeVisible({ timeout: 30_000 })
    await page.getByTestId('cell-comments').click()
    await expect(thread(page)).toBeVisible()
  }
  await say(second.page, 'Comment on this cell', 'Why is this so early? @ada')
  const seen = thread(owner.page)
    .getByTestId('comment')
    .filter({ hasText: 'Why is this so early?' })
  await expect(seen).toBeVisible({ timeout: 10_000 })
  await picture(owner.page, '4-comment')
  const own = thread(owner.page).getByTestId('thread').filter({ hasText: 'Why is this so early?' })
  await own.getByRole('button', { name: 'Reply' }).click()
  const answer = own.getByTestId('reply-form').getByRole('textbox')
  await answer.fill('Because the subject ends here.')
  await answer.press('Control+Enter')
  await expect(
    thread(second.page).getByTestId('comment').filter({ hasText: 'the subject ends here' }),
  ).toBeVisible({ timeout: 10_000 })
  await owner.open('/inbox')
  await expect(
    owner.page.getByTestId('inbox-item').filter({ hasText: 'Grace' }).first(),
  ).toBeVisible()
})

test('an edit goes through review: changes are asked for, then it is approved', async () => {
  test.setTimeout(180_000)
  edits.push(await makeEdit(second, 'France', 'Berlin', 'Paris'))
  await second.open(`/edits/${edits[0]}`)
  await second.page.getByTestId('request-review').click()
  const dialog = second.page.getByTestId('request-dialog')
  await dialog.getByRole('textbox', { name: 'What should be looked at' }).fill('Is it specific?')
  await dialog.getByTestId('reviewers').getByText('Ada').click()
  await dialog.getByRole('button', { name: 'Request review' }).click()
  await expect(second.page.getByTestId('review-page')).toBeVisible()

  await owner.open('/reviews')
  await owner.page.getByTestId('review-row').first().getByRole('link').first().click()
  await expect(owner.page.getByTestId('review-page')).toBeVisible()
  await owner.page.getByRole('textbox', { name: 'Why' }).fill('Try fewer neighbors.')
  await owner.page.getByTestId('decide-request-changes').click()
  await expect(owner.page.getByTestId('review-state').first()).toContainText(/changes/i)
  await picture(owner.page, '5-review')

  await expect(second.page.getByTestId('review-state').first()).toContainText(/changes/i, {
    timeout: 10_000,
  })
  await second.page.getByTestId('review-submit').click()
  await expect(second.page.getByTestId('review-state').first()).toContainText(/in review/i)
  await expect(owner.page.getByTestId('review-state').first()).toContainText(/in review/i, {
    timeout: 10_000,
  })
  // What happened while the page was open is read before it is decided.
  await expect(owner.page.getByTestId('decide-approve')).toBeDisabled()
  await expect(owner.page.getByTestId('review-meanwhile')).toContainText('sent it again')
  await owner.page.getByTestId('review-go-on').click()
  await owner.page.getByTestId('decide-approve').click()
  await expect(owner.page.getByTestId('review-state').first()).toContainText(/approved/i)
  const history = owner.page.getByTestId('review-history')
  for (const words of [/Grace/, /changes/i, /approved/i]) await expect(history).toContainText(words)
  await picture(owner.page, '6-approved')
})

test('approved edits get a map of how they disturb each other', async () => {
  test.setTimeout(240_000)
  edits.push(await makeEdit(second, 'Italy', 'Madrid', 'Rome'))
  const { requestReview } = await second.ask<{ requestReview: { review: { id: string } } }>(
    `mutation($input: RequestReviewInput!) { requestReview(input: $input) { review { id } errors { message } } }`,
    {
      input: {
        subjectKind: 'EDIT',
        subjectId: edits[1],
        title: 'The second edit',
        reviewerRoles: ['ADMIN'],
      },
    },
  )
  await owner.open(`/reviews/${requestReview.review.id}`)
  await owner.page.getByTestId('decide-approve').click()
  await expect(owner.page.getByTestId('review-state').first()).toContainText(/approved/i)
  await owner.open('/edits')
  await owner.page.getByTestId('map-interference').click()
  await expect(owner.page.getByTestId('interference-map')).toBeVisible({ timeout: 120_000 })
  await expect(
    owner.page.getByTestId('interference-pairs').locator('tbody tr').first(),
  ).toBeVisible()
  await owner.page.getByTestId('interference').scrollIntoViewIfNeeded()
  await picture(owner.page, '7-map')
})

test('the history tells the story', async () => {
  await owner.open('/activity')
  const items = owner.page.getByTestId('activity-item')
  await expect(items.first()).toBeVisible()
  const told = (await items.allInnerTexts()).join('\n')
  for (const words of [/annotat/i, /comment/i, /review/i, /approved/i]) expect(told).toMatch(words)
  await picture(owner.page, '8-activity')
  await owner.open('/team/audit')
  await expect(owner.page.getByText('review.', { exact: false }).first()).toBeVisible()
})

test('a viewer can write nothing, by page or by script', async ({ browser }) => {
  const { createInvitation } = await owner.ask<{ createInvitation: { token: string } }>(
    'mutation { createInvitation(input: { role: VIEWER, days: 1 }) { token errors { message } } }',
  )
  const viewer = await stack.person(browser)
  await viewer.open(`/join/${createInvitation.token}`)
  await viewer.page.getByLabel('Your name').fill('Vera')
  await viewer.page.getByLabel('E-mail').fill('vera@example.org')
  await viewer.page.getByRole('textbox', { name: 'Password' }).fill('a third long sentence 3')
  await viewer.page.getByRole('button', { name: 'Create the account and join' }).click()
  await expect(viewer.page.getByRole('button', { name: 'Account of Vera' })).toBeVisible()
  await viewer.open('/lens')
  await expect(viewer.page.locator('[data-cell]').first()).toBeVisible({ timeout: 30_000 })
  await expect(viewer.page.getByTestId('run-button')).toHaveAttribute('data-refused', 'true')
  await expect(viewer.page.getByTestId('run-button')).toBeDisabled()
  const writes = [
    'mutation { savePrompt(input: { text: "a" }) { errors { code } } }',
    `mutation { comment(input: { anchor: { kind: EDIT, id: "${edits[0]}" }, body: "a" }) { errors { code } } }`,
    `mutation { deleteEdit(id: "${edits[0]}") { errors { code } } }`,
    'mutation { createInvitation(input: { role: ADMIN, days: 1 }) { errors { code } } }',
  ]
  for (const write of writes) await expect(viewer.ask(write)).rejects.toThrow('FORBIDDEN')
  expect(viewer.complaints).toEqual([])
  await viewer.context.close()
})

test('a share link shows one page to anyone until it is revoked', async ({ browser }) => {
  const { createShareLink } = await owner.ask<{
    createShareLink: { token: string; shareLink: { id: string } }
  }>(
    `mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { token shareLink { id } errors { message } } }`,
    { input: { path: `/edits/${edits[0]}`, title: 'An edit to look at' } },
  )
  const guest = await stack.person(browser)
  await guest.open(`/share/${createShareLink.token}`)
  await expect(guest.page.getByTestId('shared-banner')).toBeVisible()
  await expect(guest.page.getByTestId('edit-summary')).toBeVisible()
  await expect(
    guest.ask('mutation { savePrompt(input: { text: "a" }) { errors { code } } }'),
  ).rejects.toThrow('SIGN_IN_REQUIRED')
  await owner.ask('mutation($id: ID!) { revokeShareLink(id: $id) { errors { code } } }', {
    id: createShareLink.shareLink.id,
  })
  await guest.page.reload()
  await expect(guest.page.getByTestId('shared-banner')).toHaveCount(0)
  await guest.context.close()
})

test('nobody’s page complained', () => {
  expect([...owner.complaints, ...second.complaints]).toEqual([])
})
