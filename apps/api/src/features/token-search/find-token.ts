// What somebody typed -> the token that is meant, and the others it could mean.
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure } from '../../errors/user-failure.js'

export interface NamedToken {
  readonly id: number
  readonly text: string
}

export interface FoundToken {
  readonly chosen: NamedToken
  readonly alternatives: readonly NamedToken[]
}

interface SearchedModel {
  readonly name: string
  readonly directory: string
  readonly hasTokenizer: boolean
  readonly vocabularySize: number
}

/**
 * A word means the token that it is in the middle of a text, with a space before it, unless it was typed without one and is
 * no token with it. A text of several tokens means its first.
 * @throws UserFailure BAD_ARGUMENT, TOKEN_OUT_OF_RANGE, TOKENIZER_MISSING
 */
export function namedToken(
  library: ModelLibrary,
  model: SearchedModel,
  text: string | null,
  tokenId: number | null,
): FoundToken {
  if (tokenId !== null) return { chosen: byId(library, model, tokenId), alternatives: [] }
  if (text === null)
    throw new UserFailure('BAD_ARGUMENT', 'No token is given.', {
      field: 'token',
      cure: 'Write the text of a token, or its id.',
    })
  if (!model.hasTokenizer)
    throw new UserFailure('TOKENIZER_MISSING', `${model.name} has no tokenizer.`, {
      field: 'token',
      cure: 'Give the token’s id.',
    })
  const read = (one: string) => library.tokenizeTarget(model.directory, one).tokens
  const spellings = text.startsWith(' ') ? [text, text.trimStart()] : [` ${text}`, text]
  const readings = spellings.filter((one) => one !== '').map(read)
  const whole = readings.filter(({ length }) => length === 1).flat()
  const pieces = whole.length > 0 ? [] : (readings[0] ?? [])
  const found = [
    ...new Map([...whole, ...pieces].map(({ id, text }) => [id, { id, text }])).values(),
  ]
  const [chosen, ...alternatives] = found
  if (chosen !== undefined) return { chosen, alternatives }
  throw new UserFailure('BAD_ARGUMENT', 'This text has no token.', {
    field: 'token',
    cure: 'Write the text of a token, or its id.',
  })
}

function byId(library: ModelLibrary, model: SearchedModel, id: number): NamedToken {
  if (id < 0 || id >= model.vocabularySize)
    throw new UserFailure('TOKEN_OUT_OF_RANGE', `There is no token ${id}.`, {
      field: 'tokenId',
      cure: `Ids of ${model.name} go from 0 to ${model.vocabularySize - 1}.`,
    })
  return { id, text: model.hasTokenizer ? library.tokenText(model.directory, id) : `token ${id}` }
}
