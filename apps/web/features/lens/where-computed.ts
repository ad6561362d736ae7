// Where a run was computed and how far one is that goes block by block, in words.
import type { LensRunPartsFragment } from '../../graphql/generated/graphql'
import { showDuration } from './numbers'

type RunDevice = NonNullable<LensRunPartsFragment['device']>
type RunBlock = NonNullable<LensRunPartsFragment['block']>

/** The device, what drives it, and why it was taken. */
export function sayWhere({ provider, name, reason }: RunDevice): string {
  return `${name}, by ${provider}${reason === '' ? '' : ` (${reason})`}`
}

const PASSES: Readonly<Record<RunBlock['pass'], string>> = {
  FORWARD: 'forward',
  BACKWARD: 'backward',
  CHECK: 'gradient check',
}

/** Backward begins with the last block, so what counts there is how many are left behind. */
export function sayBlock({ pass, layer, layers, secondsLeft }: RunBlock): string {
  const place = `${PASSES[pass]}: block ${layer + 1} of ${layers}`
  return typeof secondsLeft === 'number'
    ? `${place}, about ${showDuration(secondsLeft)} left`
    : place
}

/** How many runs are before one whose place is 1 when it is next. */
export function sayPlace(queuePosition: number): string {
  return queuePosition <= 1 ? 'Next in line' : `${queuePosition - 1} ahead in the queue`
}
