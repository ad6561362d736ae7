// An Imprint of its own with accounts, as a newcomer's `npm start` makes it: nobody owns it yet.
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { watchContext } from '../fixtures.js'
import { startStack } from './start-stack.mjs'

export interface TeamStack {
  readonly webUrl: string
  readonly apiUrl: string
  /** A browser of its own for one person. */
  person(browser: Browser): Promise<Person>
  stop(): Promise<void>
}

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  /** What the person's pages complained about. */
  readonly complaints: readonly string[]
  /** Opens a path of the stack. */
  open(path: string): Promise<void>
  /** Asks the API as this person's browser does. */
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>
}

/** What was built for the main stack is used as it is. */
export async function startTeamStack(): Promise<TeamStack> {
  const stack = await startStack({ env: { IMPRINT_SINGLE_USER: '0' }, build: false })
  return {
    webUrl: stack.webUrl,
    apiUrl: stack.apiUrl,
    person: (browser) => enter(browser, stack.webUrl),
    stop: () => stack.stop(),
  }
}

async function enter(browser: Browser, webUrl: string): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 800 },
    baseURL: webUrl,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const complaints = watchContext(context)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return {
    ...{ context, page, complaints },
    open: async (path) => void (await page.goto(new URL(path, webUrl).toString())),
    ask: async (query, variables = {}) => {
      const answer = await context.request.post(`${webUrl}/graphql`, {
        headers: { 'apollo-require-preflight': 'true' },
        data: { query, variables },
      })
      const { data, errors } = (await answer.json()) as {
        data: never
        errors?: { message: string; extensions?: { code?: string } }[]
      }
      if (errors) throw new Error(errors.map((one) => one.extensions?.code ?? one.message).join())
      return data
    },
  }
}
