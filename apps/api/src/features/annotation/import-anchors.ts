// Anchors of a file from elsewhere -> anchors of this project, or null where what they point at is not here.
import { UserFailure } from '../../errors/user-failure.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorInput } from '../anchor/anchor.input.js'
import type { CheckedAnchor } from '../anchor/anchor.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { canonicalJson } from './annotation-file.js'
import type { AnnotationFile, PortableAnchor } from './annotation-file.js'
import type { AnnotationFileRepository } from './annotation-file.repository.js'

export type FoundAnchors = (anchor: PortableAnchor) => CheckedAnchor | null

interface Parts {
  readonly files: AnnotationFileRepository
  readonly anchors: AnchorService
}

/** @throws MODEL_NOT_FOUND naming the models of the file that the project lacks */
export async function findAnchors(
  { files, anchors }: Parts,
  viewer: Viewer,
  file: AnnotationFile,
): Promise<FoundAnchors> {
  const wanted = new Map(anchorsOf(file).map((anchor) => [canonicalJson(anchor), anchor]))
  const modelOf = await modelsOf(files, viewer, file, [...wanted.values()])
  const configs = [...wanted.values()].flatMap(({ configDigest }) => configDigest ?? [])
  const runOf = await files.runsOf(viewer.projectId, [...new Set(configs)])
  const found = new Map<string, CheckedAnchor | null>()
  const neurons: [string, AnchorInput][] = []
  for (const [key, anchor] of wanted) {
    const input = toInput(anchor, modelOf, runOf)
    if (anchor.kind === 'NEURON') neurons.push([key, input])
    else found.set(key, await checkOrNull(anchors, viewer, input))
  }
  const checked = await anchors.checkAll(
    viewer,
    neurons.map(([, input]) => input),
    () => 'json',
  )
  neurons.forEach(([key], index) => found.set(key, checked[index] ?? null))
  return (anchor) => found.get(canonicalJson(anchor)) ?? null
}

const anchorsOf = ({ annotations, collection }: AnnotationFile): PortableAnchor[] => [
  ...annotations.flatMap(({ anchor, evidence }) => [anchor, ...evidence.map((one) => one.anchor)]),
  ...(collection?.items.map(({ anchor }) => anchor) ?? []),
]

async function modelsOf(
  files: AnnotationFileRepository,
  { projectId }: Viewer,
  { receipt }: AnnotationFile,
  anchors: readonly PortableAnchor[],
): Promise<ReadonlyMap<string, string>> {
  const here = new Map((await files.models(projectId)).map(({ id, digest }) => [digest, id]))
  const digests = new Set(anchors.flatMap(({ model }) => model ?? []))
  const absent = [...digests].filter((digest) => !here.has(digest))
  if (absent.length === 0) return here
  const nameOf = new Map(receipt.models.map(({ name, digest }) => [digest, name]))
  const names = absent.map(
    (digest) => `${nameOf.get(digest) ?? 'unnamed'} (${digest.slice(0, 12)})`,
  )
  throw new UserFailure(
    'MODEL_NOT_FOUND',
    `This project has no model with the weights of ${names.slice(0, 5).join(', ')}.`,
    {
      field: 'json',
      cure: 'Add the model to this project first; it is matched by its digest, not by its name.',
    },
  )
}

function toInput(
  { model, configDigest, ...anchor }: PortableAnchor,
  modelOf: ReadonlyMap<string, string>,
  runOf: ReadonlyMap<string, string>,
): AnchorInput {
  const modelId = model === undefined ? null : (modelOf.get(model) ?? null)
  const runId = configDigest === undefined ? null : (runOf.get(configDigest) ?? null)
  return { ...(anchor as AnchorInput), ...(modelId && { modelId }), ...(runId && { runId }) }
}

async function checkOrNull(
  anchors: AnchorService,
  viewer: Viewer,
  input: AnchorInput,
): Promise<CheckedAnchor | null> {
  try {
    return await anchors.check(viewer, input, 'json')
  } catch (error) {
    if (error instanceof UserFailure) return null
    throw error
  }
}
