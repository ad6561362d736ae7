// Searches the bundled facts with other answers, each of which is a request with its probes.
import path from 'node:path'
import { readFactCases } from '../../engine/fact-cases.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import type { FactSearch } from '../fact/fact.service.js'
import type { EditFact } from './edit.type.js'

interface SearchableFact {
  readonly fact: EditFact
  readonly words: string
}

const largestAnswer = 100

export class EditFactService {
  readonly #file: string
  readonly #models: ModelService
  #facts: Promise<readonly SearchableFact[]> | null = null

  constructor(datasets: string, models: ModelService) {
    this.#file = path.join(datasets, 'facts.json')
    this.#models = models
  }

  /** Facts that hold every word of the text, those whose subject it is first; a selection for an empty text. */
  async search(viewer: Viewer, { modelId, search, first }: FactSearch): Promise<EditFact[]> {
    if (modelId !== null && !(await this.#models.require(viewer, modelId)).bundled) return []
    const facts = await (this.#facts ??= readFacts(this.#file))
    const count = Math.max(1, Math.min(first, largestAnswer))
    const wanted = search.trim().toLowerCase()
    const words = wanted.split(/\s+/)
    const found = facts.filter((one) => words.every((word) => one.words.includes(word)))
    if (wanted === '') return spread(found, count).map(({ fact }) => fact)
    const isSubject = ({ fact }: SearchableFact): number =>
      fact.subject.toLowerCase() === wanted ? 0 : 1
    found.sort((a, b) => isSubject(a) - isSubject(b))
    return found.slice(0, count).map(({ fact }) => fact)
  }
}

async function readFacts(file: string): Promise<readonly SearchableFact[]> {
  const cases = await readFactCases(file)
  return cases.flatMap(({ request, relation, paraphrases, neighbors, generationPrompts }) => {
    const { prompt, subject, targetNew: target, targetTrue: truth } = request
    if (target === null || truth === null) return []
    const fact = {
      ...{ prompt, subject, target, truth, relation: relation.id },
      paraphrases: [...paraphrases],
      neighbors: neighbors.map((one) => ({ ...one })),
      generationPrompts: [...generationPrompts],
    }
    return { fact, words: `${prompt} ${subject} ${target} ${truth} ${relation.id}`.toLowerCase() }
  })
}

/** As many from the whole list, so that different relations are seen. */
function spread<Value>(values: readonly Value[], count: number): readonly Value[] {
  const step = Math.max(1, Math.floor(values.length / count))
  return values.filter((_, index) => index % step === 0).slice(0, count)
}
