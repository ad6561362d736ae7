// GraphiQL comes with the page, works without a network, and its examples answer.
import { expect, test } from '../fixtures.js'

test('an example of the explorer runs and answers with data', async ({ page }) => {
  await page.goto('/api-explorer')
  await expect(page.locator('.graphiql-container')).toBeVisible({ timeout: 30_000 })
  // Its editor comes after its frame.
  await page.getByRole('button', { name: /execute query/i }).click({ timeout: 45_000 })
  await expect(page.getByRole('region', { name: 'Result Window' })).toContainText('"data"')
})

test('the schema is documented: every field has a description', async ({ page }) => {
  const response = await page.request.post('/graphql', {
    data: {
      query:
        '{ __schema { types { name kind description fields { name description args { name description } } } } }',
    },
  })
  const { data } = (await response.json()) as { data: { __schema: { types: SchemaType[] } } }
  const own = data.__schema.types.filter(
    ({ name, kind }) => !name.startsWith('__') && kind === 'OBJECT',
  )
  const bare = own.flatMap(({ name, fields }) =>
    (fields ?? [])
      .filter(({ description }) => !description)
      .map((field) => `${name}.${field.name}`),
  )
  expect(own.length).toBeGreaterThan(20)
  expect(bare).toEqual([])
})

interface SchemaType {
  readonly name: string
  readonly kind: string
  readonly fields: readonly { readonly name: string; readonly description: string | null }[] | null
}
