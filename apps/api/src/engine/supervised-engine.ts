// The engine as a child process of this one; the supervisor starts it again when it dies.
import { EngineSupervisor, LensEngineError } from '@imprint/lens-engine'
import type { Environment } from '../env.js'
import type { Logger } from '../logger.js'
import type { EngineHost } from './engine-host.js'
import { yieldToOthers } from './yield-to-others.js'

export interface SupervisedEngine extends EngineHost {
  /** Starts the child now, so that the first run finds it ready. */
  start(): Promise<void>
  /** Process id of the child; null while there is none. */
  processId(): number | null
}

export function createSupervisedEngine(
  { home, provider, threads }: Pick<Environment, 'home' | 'provider' | 'threads'>,
  logger: Logger,
): SupervisedEngine {
  const supervisor = new EngineSupervisor({
    home,
    log: (event) => {
      if (event.type === 'started') yieldToOthers(event.processId)
      logger[event.type === 'crashed' ? 'warn' : 'info'](event, `engine ${event.type}`)
    },
  })
  return {
    start: () => supervisor.start(),
    processId: () => supervisor.status().processId,
    close: () => supervisor.dispose(),
    run: async ({ directory, request, onStage, signal }) => {
      const task = {
        model: directory,
        requests: [request],
        provider,
        ...(threads === undefined ? {} : { threads }),
      }
      const [result] = await supervisor.run(task, {
        signal,
        onStage: (stage) => {
          if (stage !== 'queued') onStage(stage)
        },
      })
      if (result !== undefined) return result
      throw new LensEngineError('ENGINE_CRASHED', 'the engine answered without a result', {
        cure: 'Run again.',
      })
    },
  }
}
