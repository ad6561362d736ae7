// How the annotators of a project or a collection agree.
import { badInput } from '../../errors/input-error.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import { unknownPerson } from '../account/person.type.js'
import type { Viewer } from '../account/viewer.js'
import { krippendorffAlpha, pairAgreements, sharedItems } from './agreement.js'
import type { AgreementRepository } from './agreement.repository.js'
import type { Agreement } from './annotation.type.js'

const mostPairs = 200

export class AgreementService {
  readonly #agreement: AgreementRepository
  readonly #accounts: AccountRepository

  constructor(agreement: AgreementRepository, accounts: AccountRepository) {
    this.#agreement = agreement
    this.#accounts = accounts
  }

  async read({ projectId }: Viewer, collectionId: string | null): Promise<Agreement> {
    if (collectionId !== null) {
      const exists = isUuid(collectionId)
      if (!exists || !(await this.#agreement.collectionExists(projectId, collectionId)))
        throw badInput('There is no collection with this id.', 'collectionId')
    }
    const items = sharedItems(await this.#agreement.ratings(projectId, collectionId))
    const ids = [...new Set(items.flatMap((ratings) => ratings.map(({ annotator }) => annotator)))]
    const people = await this.#accounts.people(ids)
    const personOf = (id: string) => people.get(id) ?? unknownPerson(id)
    return {
      items: items.length,
      annotators: ids.map(personOf),
      pairs: pairAgreements(items)
        .slice(0, mostPairs)
        .map((pair) => ({ ...pair, first: personOf(pair.first), second: personOf(pair.second) })),
      alpha: krippendorffAlpha(items),
    }
  }
}
