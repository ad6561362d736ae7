// What the outside sees of a streamed run, block by block: how far it is, when it may end, and a place to stop it.
import { setImmediate } from 'node:timers/promises'
import { LensEngineError } from '../errors.js'

/** `forward` to the loss, `backward` with the lens, and the forward passes of the gradient check. */
export type StreamPass = 'forward' | 'backward' | 'check'

/** Sent before each block. */
export interface LensProgress {
  readonly pass: StreamPass
  /** The block that is about to run, counted from 0; a backward pass begins with the last. */
  readonly layer: number
  readonly layers: number
  /** Milliseconds the rest of the run may take, by the blocks so far; null before the first is done. */
  readonly remaining: number | null
}

/** Waits its turn before a block. @throws RUN_CANCELLED when the run was given up */
export type BeforeBlock = (pass: StreamPass, layer: number) => Promise<void>

export interface StreamWatchOptions {
  readonly layers: number
  /** Blocks the whole run takes, of each pass. */
  readonly blocks: Readonly<Record<StreamPass, number>>
  readonly onProgress?: ((progress: LensProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; for tests. */
  readonly now?: () => number
}

/** Time of a block in units of one forward, until one of its own kind was seen. */
const expected: Readonly<Record<StreamPass, number>> = { forward: 1, backward: 3, check: 1.5 }

interface Seen {
  blocks: number
  milliseconds: number
}

/** Reports each block and lets the event loop turn before it, so that a cancellation is noticed. */
export function watchStream(options: StreamWatchOptions): BeforeBlock {
  const { layers, onProgress, signal, now = () => performance.now() } = options
  const seen: Record<StreamPass, Seen> = {
    forward: { blocks: 0, milliseconds: 0 },
    backward: { blocks: 0, milliseconds: 0 },
    check: { blocks: 0, milliseconds: 0 },
  }
  let running: { readonly pass: StreamPass; readonly since: number } | null = null
  return async (pass, layer) => {
    if (running !== null) {
      seen[running.pass].blocks++
      seen[running.pass].milliseconds += now() - running.since
    }
    onProgress?.({ pass, layer, layers, remaining: remainingTime(options.blocks, seen) })
    await setImmediate()
    if (signal?.aborted === true) throw cancelled(pass, layer)
    running = { pass, since: now() }
  }
}

function remainingTime(
  blocks: StreamWatchOptions['blocks'],
  seen: Readonly<Record<StreamPass, Seen>>,
): number | null {
  if (seen.forward.blocks === 0) return null
  const unit = seen.forward.milliseconds / seen.forward.blocks
  const passes = Object.keys(expected) as StreamPass[]
  return passes.reduce((sum, pass) => {
    const own = seen[pass]
    const each = own.blocks > 0 ? own.milliseconds / own.blocks : unit * expected[pass]
    return sum + each * Math.max(0, blocks[pass] - own.blocks)
  }, 0)
}

function cancelled(pass: StreamPass, layer: number): LensEngineError {
  return new LensEngineError(
    'RUN_CANCELLED',
    `the run did not finish: it was cancelled before layer ${layer} of the ${pass} pass`,
    { details: { pass, layer }, cure: 'Start it again when you want its result.' },
  )
}
