// A run, an edit and an evaluation leave as files from their pages, come back once, and return after they were deleted.
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { ask, bundledModelId, createEdit, createRun, waitForEdit, waitForRun } from '../api.js'
import { finishEvaluation, startEvaluation } from '../evaluations-api.js'
import { expect, test } from '../fixtures.js'

interface Carried {
  readonly kind: string
  readonly make: () => Promise<string>
  readonly address: (id: string) => string
  readonly list: string
  readonly deletion: string
  /** Presses what gives the file out. */
  readonly giveOut: (page: Page) => Promise<void>
  /** Something that only the whole thing shows. */
  readonly shown: (page: Page) => Promise<void>
}

const fromMenu = (item: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'Export', exact: true }).first().click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function makeRun(): Promise<string> {
  const modelId = await bundledModelId()
  const id = await createRun({
    modelId,
    promptText: 'The capital of Norway is',
    targetText: 'Rome',
  })
  await waitForRun(id)
  return id
}

async function makeEdit(): Promise<string> {
  const id = await createEdit({
    modelId: await bundledModelId(),
    method: 'forward-shift',
    requests: [{ prompt: 'The capital of {} is', subject: 'Norway', target: 'Rome' }],
  })
  expect(await waitForEdit(id)).toMatchObject({ outcome: 'EDITED' })
  return id
}

async function makeEvaluation(): Promise<string> {
  const id = await startEvaluation({ name: 'To be carried', methods: ['no-edit'], cases: 2 })
  await finishEvaluation(id)
  return id
}

const carried: readonly Carried[] = [
  {
    kind: 'run',
    make: makeRun,
    address: (id) => `/lens?run=${id}`,
    list: '/runs',
    deletion: 'deleteLensRun',
    giveOut: fromMenu('Run as a file to import'),
    shown: async (page) => {
      await expect(page.getByTestId('lens-grid')).toContainText('Norway')
    },
  },
  {
    kind: 'edit',
    make: makeEdit,
    address: (id) => `/edits/${id}`,
    list: '/edits',
    deletion: 'deleteEdit',
    giveOut: async (page) => page.getByRole('link', { name: 'Export', exact: true }).click(),
    shown: async (page) => {
      await expect(page.getByTestId('edit-summary')).toBeVisible()
    },
  },
  {
    kind: 'evaluation',
    make: makeEvaluation,
    address: (id) => `/evaluations/${id}`,
    list: '/evaluations',
    deletion: 'deleteEvaluation',
    giveOut: fromMenu('Evaluation as a file to import'),
    shown: async (page) => {
      await expect(page.getByRole('heading', { level: 1 })).toContainText('To be carried')
    },
  },
]

async function remove(deletion: string, id: string): Promise<void> {
  const query = `mutation ($id: ID!) { ${deletion}(id: $id) { deletedId errors { message } } }`
  const answer = await ask<Record<string, { deletedId: string | null }>>(query, { id })
  expect(answer[deletion]?.deletedId).toBe(id)
}

for (const { kind, make, address, list, deletion, giveOut, shown } of carried)
  test(`the ${kind} leaves as a file, comes back once, and returns after a deletion`, async ({
    page,
  }) => {
    test.setTimeout(240_000)
    const id = await make()
    await page.goto(address(id))
    const [download] = await Promise.all([page.waitForEvent('download'), giveOut(page)])
    const buffer = readFileSync(await download.path())
    const file = { name: `${kind}.json`, mimeType: 'application/json', buffer }
    const told = page.getByTestId('import-done')

    const bring = async (said: string) => {
      await page.goto(list)
      await page.getByTestId('import-file').setInputFiles(file)
      await expect(told).toContainText(said)
      return (await told.getByRole('link').getAttribute('href')) ?? ''
    }
    const copy = await bring('Imported')
    expect(copy).not.toBe(address(id))
    expect(await bring('It was here already')).toBe(copy)
    await remove(deletion, id)
    await remove(deletion, /[\w-]+$/.exec(copy)?.[0] ?? '')
    await bring('Imported')
    await told.getByRole('link').click()
    await shown(page)
    await page.goto(list)
    const broken = { ...file, buffer: buffer.subarray(0, buffer.length >> 1) }
    await page.getByTestId('import-file').setInputFiles(broken)
    await expect(page.getByText('The file was not imported')).toBeVisible()
  })
