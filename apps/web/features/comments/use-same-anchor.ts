// The same place is the same question, whatever object names it.
import { useState } from 'react'
import type { AnchorInput } from '../../graphql/generated/graphql'
import { placeName } from './anchors'

const nameOf = (anchor: AnchorInput): string =>
  `${placeName(anchor)} ${anchor.region ? JSON.stringify(anchor.region) : ''}`

/** An anchor that stays the same object as long as it names the same place. */
export function useSameAnchor(anchor: AnchorInput): AnchorInput {
  const [kept, keep] = useState(anchor)
  if (nameOf(kept) === nameOf(anchor)) return kept
  keep(anchor)
  return anchor
}
