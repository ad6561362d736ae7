// A process of its own: multiplies two small matrices on one provider and says on stdout whether the numbers are right.
// A broken driver can end or hang the process that touches it; this one is made to be lost.
import { readFileSync } from 'node:fs'
import { GraphBuilder } from '../graph/graph-builder.js'
import { serializeModel } from '../onnx/serialize-model.js'
import { matmul } from '../ops/matrix.js'
import { compiledProviders, tryProvider, type Provider } from './ort.js'

export interface ProbeAnswer {
  /** Null when the numbers are right. */
  readonly failure: string | null
  /** Base names of the shared libraries the process had loaded in the end; empty where the system does not tell. */
  readonly libraries: readonly string[]
}

/** Marks the answer among what drivers print. */
export const answerMark = 'imprint-probe '

const SIZE = 8

async function probe(provider: Provider): Promise<string | null> {
  const compiled = compiledProviders()
  if (!compiled.includes(provider))
    return `not in this build of onnxruntime (it has ${compiled.join(', ')})`
  const builder = new GraphBuilder('probe')
  const x = builder.input('x', 'float32', [SIZE, SIZE])
  builder.output('y', matmul(builder, x, x))
  const values = Float32Array.from({ length: SIZE * SIZE }, (_, at) => (at % 5) - 2)
  const found = await tryProvider(serializeModel(builder.build()), provider, {
    type: 'float32',
    shape: [SIZE, SIZE],
    data: values,
  })
  return square(values).every((value, at) => value === found[at])
    ? null
    : 'it computes wrong numbers'
}

/** Small whole numbers, so that every device must give exactly these. */
function square(x: Float32Array): number[] {
  const at = (row: number, column: number): number => x[row * SIZE + column] as number
  return Array.from(x, (_, place) => {
    const [row, column] = [Math.floor(place / SIZE), place % SIZE]
    return Array.from({ length: SIZE }, (_, k) => at(row, k) * at(k, column)).reduce(
      (a, b) => a + b,
    )
  })
}

function loadedLibraries(): string[] {
  try {
    const maps = readFileSync('/proc/self/maps', 'utf8')
    return [...new Set(maps.match(/[^/\s]+\.so[.\d]*$/gm) ?? [])]
  } catch {
    return []
  }
}

const provider = process.argv[2]
if (provider === 'cuda' || provider === 'webgpu' || provider === 'cpu') {
  const failure = await probe(provider).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  )
  const answer: ProbeAnswer = { failure, libraries: loadedLibraries() }
  process.stdout.write(`\n${answerMark}${JSON.stringify(answer)}\n`, () => process.exit(0))
}
