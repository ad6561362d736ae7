// A case and a protocol -> why the case cannot be scored, or null: decided from the case alone, before anything is computed.
import type { EvaluationCase } from '../../datasets/evaluation-case.js'
import type { ProtocolName } from './protocols.js'

/** What a protocol reads of a case: whether it is there, and what is said when it is not. */
interface CaseNeed {
  readonly lacks: (one: EvaluationCase) => boolean
  readonly reason: string
}

const newTarget: CaseNeed = {
  lacks: ({ request }) => request.targetNew === null,
  reason: 'it has no new target, so it asks for no edit',
}
const trueTarget: CaseNeed = {
  lacks: ({ request }) => request.targetTrue === null,
  reason: 'it has no true target to compare the new one with',
}

/** Without these not even the prompt of the edit has a value; what else a case lacks is missing in its own column only. */
const needs: Readonly<Record<ProtocolName, readonly CaseNeed[]>> = {
  counterfact: [newTarget, trueTarget],
  'counterfact-reduced': [newTarget, trueTarget],
  'backward-lens': [newTarget],
  easyedit: [newTarget],
  zsre: [newTarget],
}

/** Why a protocol cannot score a case; null when it can. */
export function fitsProtocol(protocol: ProtocolName, one: EvaluationCase): string | null {
  return needs[protocol].find(({ lacks }) => lacks(one))?.reason ?? null
}
