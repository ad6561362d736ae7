// The services of anchors, comments, reviews, the inbox, activity and interference.
import type { Database } from '../database/index.js'
import type { ModelLibrary } from '../engine/model-library.js'
import { AnchorRepository } from '../features/anchor/anchor.repository.js'
import { AnchorService } from '../features/anchor/anchor.service.js'

export interface TalkServicesParts {
  readonly database: Database
  readonly library: ModelLibrary
}

export function createTalkServices({ database, library }: TalkServicesParts) {
  const anchors = new AnchorService({
    anchors: new AnchorRepository(database),
    innerWidth: (directory) => library.innerWidth(directory),
  })
  return { anchors }
}
