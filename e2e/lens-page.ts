// The lens page as a reader uses it: its fields, its grid, its panel.
import { expect, type Locator, type Page } from '@playwright/test'

export class LensPage {
  readonly grid: Locator
  readonly selected: Locator
  readonly panel: Locator
  readonly prompt: Locator
  readonly target: Locator
  readonly run: Locator

  constructor(readonly page: Page) {
    this.grid = page.getByTestId('lens-grid')
    this.selected = this.grid.locator('[aria-selected="true"]')
    this.panel = page.getByTestId('cell-panel')
    this.prompt = page.getByLabel('Prompt', { exact: true })
    this.target = page.getByLabel('Target', { exact: true })
    this.run = page.getByTestId('run-button')
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`/lens${query === '' ? '' : `?${query}`}`)
  }

  /** Opens the lens without a word about what to show; gives the id of the newest run once the address names it. */
  async openNewest(): Promise<string> {
    await this.open()
    await this.waitForCells()
    return this.waitForNewRun(null)
  }

  cell(layer: number, position: number): Locator {
    return this.grid.locator(`[data-cell="${layer}.${position}"]`)
  }

  /** Types a question and runs it; the grid of the answer is on screen afterwards. */
  async ask(prompt: string, target: string): Promise<void> {
    await this.prompt.fill(prompt)
    await this.target.fill(target)
    await this.run.click()
  }

  /** Id of the open run, from the address. */
  runId(): string | null {
    return new URL(this.page.url()).searchParams.get('run')
  }

  async waitForNewRun(before: string | null): Promise<string> {
    await expect.poll(() => this.runId()).not.toBe(before)
    const id = this.runId()
    if (id === null) throw new Error('The address names no run.')
    return id
  }

  /** Waits until the grid shows cells, be it as words alone: they come with the page, before its scripts. */
  async waitForWords(): Promise<void> {
    await expect(this.grid.locator('[role="gridcell"]').first()).toBeVisible({ timeout: 30_000 })
  }

  /** Waits until the grid shows cells and the page can be used. */
  async waitForCells(): Promise<void> {
    await this.waitForWords()
    await expect(this.page.locator('main:not([inert])')).toBeAttached({ timeout: 30_000 })
  }
}
