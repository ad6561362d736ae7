// An annotator at work: neurons in an order, annotation mode by keyboard alone to its end, and the notes as a file and back.
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { ask, bundledModelId } from '../api.js'
import { expect, test } from '../fixtures.js'

const layer = 3
const neurons = [21, 22, 23]

async function makeCollection(name: string): Promise<string> {
  const modelId = await bundledModelId()
  const { createCollection } = await ask<{ createCollection: { collection: { id: string } } }>(
    `mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } errors { message } } }`,
    { input: { name, description: '' } },
  )
  const { id } = createCollection.collection
  const anchors = neurons.map((index) => ({ kind: 'NEURON', modelId, layer, index }))
  await ask(
    `mutation($input: AddToCollectionInput!) { addToCollection(input: $input) { added errors { message } } }`,
    { input: { collectionId: id, anchors, note: '' } },
  )
  return id
}

const titles = (page: Page): Promise<string[]> =>
  page.getByTestId('collection-item').locator('.item-title').allInnerTexts()

const named = (...indexes: number[]): RegExp[] =>
  indexes.map((index) => new RegExp(`Neuron ${layer}/${index} `))

test('neurons are put in order by keys, and annotated to the end without a mouse', async ({
  page,
}) => {
  const id = await makeCollection('By keyboard')
  await page.goto(`/collections/${id}`)
  await expect(page.getByTestId('collection-item')).toHaveCount(neurons.length)
  await page.getByTestId('item-grip').first().focus()
  await page.keyboard.press('ArrowDown')
  await expect
    .poll(async () => (await titles(page))[1] ?? '')
    .toMatch(new RegExp(`Neuron ${layer}/21 `))
  await expect(page.getByTestId('item-grip').nth(1)).toBeFocused()
  await page.reload()
  await expect(page.getByTestId('collection-item').locator('.item-title')).toHaveText(
    named(22, 21, 23),
  )

  await page.getByTestId('start-annotating').click()
  const label = page.getByTestId('queue-label')
  for (const [place, word] of ['rivers', 'verbs', 'numbers'].entries()) {
    await expect(page.getByTestId('queue-progress')).toHaveText(`${place} of 3 done`)
    await expect(label).toHaveValue('')
    await page.keyboard.press('l')
    await page.keyboard.type(word)
    if (place === 0) {
      await page.reload()
      await expect(label).toHaveValue(word)
      await label.focus()
    }
    await page.keyboard.press('Escape')
    await page.keyboard.press('7')
    await page.keyboard.press('Enter')
  }
  await expect(page.getByTestId('queue-ended')).toBeVisible()
  await expect(page.getByTestId('agreement')).toContainText('two people')
})

test('a collection leaves as a file and comes back with its notes known', async ({ page }) => {
  const id = await makeCollection('To be carried')
  await page.goto(`/collections/${id}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('collection-json').click(),
  ])
  const file = await download.path()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: 'imprint-annotations' })
  await page.goto('/collections')
  const rows = page.getByTestId('collection-row').filter({ hasText: 'To be carried' })
  await expect(rows).toHaveCount(1)
  await page.getByTestId('import-notes').setInputFiles({
    name: 'collection.json',
    mimeType: 'application/json',
    buffer: readFileSync(file),
  })
  await expect(rows).toHaveCount(2)
})
