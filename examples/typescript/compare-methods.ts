// Reads one gradient, then compares two edit methods on the same cases.
//
//   IMPRINT_URL=http://localhost:3000 IMPRINT_KEY=lens_live_... node .imprint/examples/compare-methods.js  (after: npx tsc -p examples/typescript)
import { ImprintError, createClient } from '@imprint/client'

const imprint = createClient({
  url: process.env['IMPRINT_URL'] ?? 'http://localhost:3000',
  key: process.env['IMPRINT_KEY'],
})

async function readGradient(modelId: string) {
  const { id } = await imprint.runs.create({
    ...{ modelId, promptText: 'The capital of France is', targetText: 'Berlin' },
  })
  const run = await imprint.runs.wait(id, { timeout: 120 })
  const position = (run.promptLength ?? 1) - 1
  const cells = await imprint.runs
    .projections(id, { matrix: 'MLP_DOWN', factor: 'VJP', position })
    .take()
  console.log(`loss ${run.loss?.toFixed(3)}; what the update of mlp.down writes, layer by layer:`)
  for (const { layer, bottom } of cells)
    console.log(
      `  ${layer}: ${bottom
        ?.slice(0, 3)
        .map(({ text }) => JSON.stringify(text))
        .join(' ')}`,
    )
  const { tensors } = await imprint.runs.vectors(id)
  console.log(`${tensors.size} arrays of X and Delta in the capture`)
  return { run: id, cells: cells.length, arrays: tensors.size }
}

async function compareMethods(modelId: string) {
  const [dataset] = await imprint.datasets.list().take(1)
  if (dataset === undefined) throw new Error('This project has no data set.')
  const slice = await imprint.slices.create({ datasetId: dataset.id, count: 6, seed: 1 })
  await imprint.slices.wait(slice.id)
  const evaluation = await imprint.evaluations.start({
    sliceId: slice.id,
    protocol: dataset.protocols[0] ?? 'counterfact',
    arms: [
      { modelId, method: 'forward-shift' },
      { modelId, method: 'sgd' },
    ],
    casesPerBatch: 2,
  })
  for await (const { state, progress } of imprint.evaluations.follow(evaluation.id))
    console.log(`${progress.done} of ${progress.total} edits, ${state}`)
  const { arms, differences } = await imprint.evaluations.comparison({
    evaluationIds: [evaluation.id],
  })
  const nameOf = (id: string) => arms.find((arm) => arm.id === id)?.label ?? id
  for (const { metric, firstArmId, secondArmId, difference, low, high, n } of differences)
    if (typeof difference === 'number')
      console.log(
        `  ${metric.padEnd(24)} ${nameOf(firstArmId)} - ${nameOf(secondArmId)}: ${difference.toFixed(3)} ` +
          `[${low?.toFixed(3) ?? ''}, ${high?.toFixed(3) ?? ''}], ${n} cases`,
      )
  return { evaluation: evaluation.id, differences: differences.length }
}

try {
  const model = await imprint.models.find()
  const read = await readGradient(model.id)
  const compared = await compareMethods(model.id)
  console.log(JSON.stringify({ ...read, ...compared }))
} catch (error) {
  if (!(error instanceof ImprintError)) throw error
  console.error(`${error.code}: ${error.message} ${error.cure ?? ''}`)
  process.exitCode = 1
}
