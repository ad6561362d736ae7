// Runs a graph without weights through ONNX Runtime, for tests of single operators.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Graph } from '../graph/graph.js'
import { serializeModel } from '../onnx/serialize-model.js'
import { createSession, type Provider, type Session } from '../runtime/ort.js'

/** A session of `graph` on one thread; the caller disposes it. */
export async function openGraph(graph: Graph, provider: Provider = 'cpu'): Promise<Session> {
  const directory = mkdtempSync(join(tmpdir(), 'imprint-graph-'))
  try {
    const path = join(directory, 'graph.onnx')
    writeFileSync(path, serializeModel(graph))
    return await createSession(path, { provider, threads: 1, foldConstants: true })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
