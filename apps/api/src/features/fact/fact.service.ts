// Searches the fact set of the bundled model; the file is read once, when it is first asked for.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import type { FactSuggestion } from './fact.type.js'

const indexFile = z.object({
  relations: z.array(z.object({ id: z.string(), name: z.string() })),
  facts: z.array(
    z.object({ relation: z.string(), subject: z.string(), object: z.string(), prompt: z.string() }),
  ),
})

interface SearchableFact {
  readonly fact: FactSuggestion
  readonly words: string
}

export interface FactSearch {
  readonly modelId: string | null
  readonly search: string
  readonly first: number
}

const largestAnswer = 100

export class FactService {
  readonly #file: string
  readonly #models: ModelService
  #facts: Promise<readonly SearchableFact[]> | null = null

  constructor(datasets: string, models: ModelService) {
    this.#file = path.join(datasets, 'facts-index.json')
    this.#models = models
  }

  /** Facts that hold every word of the text; those whose subject it is, or whose prompt or subject it begins, first. */
  async search(viewer: Viewer, { modelId, search, first }: FactSearch): Promise<FactSuggestion[]> {
    if (modelId !== null && !(await this.#models.require(viewer, modelId)).bundled) return []
    const facts = await (this.#facts ??= this.#read())
    const count = Math.max(1, Math.min(first, largestAnswer))
    const wanted = search.trim().toLowerCase()
    if (wanted === '') return selection(facts, count)
    const words = wanted.split(/\s+/)
    const found = facts.filter((entry) => words.every((word) => entry.words.includes(word)))
    const ranked = found.map(({ fact }) => ({ fact, rank: rankOf(fact, wanted) }))
    ranked.sort((a, b) => a.rank - b.rank || a.fact.subject.length - b.fact.subject.length)
    return ranked.slice(0, count).map(({ fact }) => fact)
  }

  async #read(): Promise<readonly SearchableFact[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return []
    const { relations, facts } = indexFile.parse(JSON.parse(text))
    const names = new Map(relations.map(({ id, name }) => [id, name]))
    return facts.map(({ relation, subject, object, prompt }) => {
      const fact = {
        subject,
        object: object.trim(),
        prompt,
        relation: names.get(relation) ?? relation,
      }
      return { fact, words: `${subject} ${fact.object} ${fact.relation} ${prompt}`.toLowerCase() }
    })
  }
}

function rankOf({ subject, prompt }: FactSuggestion, wanted: string): number {
  if (subject.toLowerCase() === wanted) return 0
  if (prompt.toLowerCase().startsWith(wanted)) return 1
  return subject.toLowerCase().startsWith(wanted) ? 2 : 3
}

/** A spread over the whole set, so that different relations are seen. */
function selection(facts: readonly SearchableFact[], count: number): FactSuggestion[] {
  const step = Math.max(1, Math.floor(facts.length / count))
  return facts
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map(({ fact }) => fact)
}
