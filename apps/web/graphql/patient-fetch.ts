// A fetch that gives up: a server that accepts a request and never answers counts as one that is not there.
import { takeEarly } from './early-answers'

const PATIENCE_MS = 30_000

/** @throws TimeoutError when nothing has come after so long, and as `fetch` */
export function patientFetch(
  input: RequestInfo | URL,
  init: RequestInit = {},
  patience = PATIENCE_MS,
): Promise<Response> {
  const ask = () => {
    const late = AbortSignal.timeout(patience)
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late
    return fetch(input, { ...init, signal })
  }
  const early = takeEarly(init.body)
  return early ? early.then((answer) => answer ?? ask()) : ask()
}
