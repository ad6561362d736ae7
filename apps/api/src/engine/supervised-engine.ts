// The engine as child processes of this one, one for each device; the pool starts a child again when it dies.
import { EnginePool, LensEngineError } from '@imprint/lens-engine'
import type { Environment } from '../env.js'
import type { Logger } from '../logger.js'
import { engineEvents } from '../observability/process-metrics.js'
import type { EngineHost } from './engine-host.js'
import type { FoundDevices } from './engine-vocabulary.js'
import { yieldToOthers } from './yield-to-others.js'

export interface SupervisedEngine extends EngineHost {
  /** Process id of the child that was started first; null while there is none. */
  processId(): number | null
}

export function createSupervisedEngine(
  { home, provider, threads }: Pick<Environment, 'home' | 'provider' | 'threads'>,
  logger: Logger,
): SupervisedEngine {
  const pool = new EnginePool({
    home,
    log: (event) => {
      if (event.type === 'started') yieldToOthers(event.processId)
      engineEvents.inc({ event: event.type, provider: event.provider })
      logger[event.type === 'crashed' ? 'warn' : 'info'](event, `engine ${event.type}`)
    },
  })
  return {
    // The child that most runs will need, so that the first one finds it ready.
    start: () => startExpected(pool, provider),
    processId: () => pool.status()[0]?.processId ?? null,
    devices: async () => withSetting(await pool.devices(), provider),
    close: () => pool.dispose(),
    edit: ({ task, signal, onProgress }) =>
      pool.edit(
        { ...task, provider, ...(threads === undefined ? {} : { threads }) },
        { signal, onProgress },
      ),
    evaluate: ({ task, signal, onProgress }) =>
      pool.evaluate(
        {
          ...task,
          provider: (task.provider ?? 'auto') === 'auto' ? provider : task.provider,
          ...(task.threads !== undefined || threads === undefined ? {} : { threads }),
        } as typeof task,
        { signal, onProgress },
      ),
    children: () => pool.status(),
    run: async ({ directory, request, edits, provider: asked, onStage, signal }) => {
      const task = {
        model: directory,
        requests: [request],
        ...(edits.length === 0 ? {} : { edits }),
        provider: asked === 'auto' ? provider : asked,
        ...(threads === undefined ? {} : { threads }),
      }
      const [result] = await pool.run(task, {
        signal,
        onStage: (stage, progress) => {
          if (stage !== 'queued') onStage(stage, progress)
        },
      })
      if (result !== undefined) return result
      throw new LensEngineError('ENGINE_CRASHED', 'the engine answered without a result', {
        cure: 'Run again.',
      })
    },
  }
}

/** Without a GPU `auto` means the CPU, so its child need not wait until every driver was tried. */
async function startExpected(pool: EnginePool, provider: Environment['provider']): Promise<void> {
  if (provider !== 'auto') return pool.start(provider)
  await Promise.all([pool.start('cpu'), pool.start('auto')])
}

/** A worker that was set to one provider takes that one by itself. */
function withSetting(found: FoundDevices, provider: Environment['provider']): FoundDevices {
  if (provider === 'auto') return found
  const device = found.devices.find((one) => one.provider === provider)?.device ?? provider
  return { ...found, auto: { provider, device, reason: 'set by IMPRINT_PROVIDER' } }
}
