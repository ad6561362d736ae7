// A queued run that a test can follow.
import type { TestApi } from '../../testing/test-api.js'

export async function queueRun(api: TestApi): Promise<string> {
  const run = await api.services.lensRuns.create(api.viewer, {
    modelId: api.modelId,
    promptText: 'abc',
    targetText: 'd',
  })
  return run.id
}
