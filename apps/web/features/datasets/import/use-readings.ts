// How fast a number of bytes grows, from the moments at which it was seen to grow.
import { useState } from 'react'
import { rateOf, withReading, type Reading } from './import-facts'

/** Bytes a second; null until two readings are apart. `null` bytes start over. */
export function useRate(bytes: number | null): number | null {
  const [state, setState] = useState<{ bytes: number | null; readings: readonly Reading[] }>({
    bytes: null,
    readings: [],
  })
  if (bytes !== state.bytes)
    setState({
      bytes,
      readings: bytes === null ? [] : withReading(state.readings, { at: Date.now(), bytes }),
    })
  return rateOf(state.readings)
}
