// A project and a model -> made-up annotations, comments, collections, reviews, inbox and activity, in batches.
import { insert, uuidAt } from './rows.mjs'
import {
  addActivities,
  addInbox,
  addPeople,
  addPrompts,
  addReviews,
  addRuns,
} from './seed-others.mjs'
import {
  choices,
  commentOf,
  descriptionOf,
  labelOf,
  seededRandom,
  sentenceOf,
  tags,
} from './words.mjs'

const halfYear = 180 * 86_400_000
/** Triggers that would index each row; the search is filled once at the end instead. */
const triggers = [
  ...[
    ['annotation', 'index_words'],
    ['annotation', 'index_neuron_words'],
    ['comment', 'index_words'],
  ],
  ...[
    ['collection', 'index_words'],
    ['prompt', 'index_words'],
    ['lens_run', 'index_words'],
  ],
]

/**
 * @param options.counts neurons, annotations, comments, collections, reviews, activities, inbox, prompts, runs
 * @param options.model { id, layers, inner } of a model of the project
 */
export async function seedNotes(
  client,
  { projectId, teamId, userId, model, counts, seed, now = Date.now() },
) {
  const random = seededRandom(seed)
  const choose = choices(random)
  const moment = () => now - random() * halfYear
  const at = (milliseconds) => new Date(milliseconds).toISOString()
  const authors = [userId, ...(await addPeople(client, teamId))]
  const neurons = Array.from(
    { length: Math.min(counts.neurons, model.layers * model.inner) },
    (_, place) => {
      // All layers, and in each the neurons that stand apart by the same step.
      const layer = place % model.layers
      const step = Math.max(1, Math.floor((model.layers * model.inner) / counts.neurons))
      const index = (Math.floor(place / model.layers) * step) % model.inner
      const key = `neuron:${model.id}/${layer}/${index}`
      return { kind: 'NEURON', key, modelId: model.id, layer, index }
    },
  )
  const context = { random, choose, moment, at, authors, neurons, projectId, model, seed, userId }
  await client.query('BEGIN')
  for (const [table, trigger] of triggers)
    await client.query(`ALTER TABLE "${table}" DISABLE TRIGGER "${trigger}"`)
  const annotations = await addAnnotations(client, context, counts.annotations)
  const comments = await addComments(client, context, counts.comments, annotations)
  const written = {
    neurons: neurons.length,
    annotations: annotations.length,
    comments,
    collections: await addCollections(client, context, counts.collections),
    prompts: await addPrompts(client, context, counts.prompts),
    runs: await addRuns(client, context, counts.runs),
    reviews: await addReviews(client, context, counts.reviews, annotations),
    activities: await addActivities(client, context, counts.activities, annotations),
    inbox: await addInbox(client, context, counts.inbox),
  }
  for (const [table, trigger] of triggers)
    await client.query(`ALTER TABLE "${table}" ENABLE TRIGGER "${trigger}"`)
  await client.query('SELECT search.fill_documents()')
  await client.query('COMMIT')
  for (const table of [
    'annotation',
    'annotation_version',
    'comment',
    'collection',
    'collection_item',
    'review',
    'activity',
    'inbox_item',
    'lens_run',
    'prompt',
    'search.document',
  ])
    await client.query(`VACUUM (ANALYZE) ${table}`)
  return written
}

async function addAnnotations(
  client,
  { random, choose, moment, at, authors, neurons, projectId, seed },
  count,
) {
  const labelOfNeuron = new Map()
  const rows = Array.from({ length: count }, (_, number) => {
    const anchor = neurons[number % neurons.length]
    // Annotators of one neuron agree more often than not.
    const known = labelOfNeuron.get(anchor.key)
    const label = known !== undefined && choose.chance(0.6) ? known : labelOf(choose)
    labelOfNeuron.set(anchor.key, known ?? label)
    const created = moment()
    const state = choose.chance(0.85)
      ? 'PROPOSED'
      : choose.one(['ACCEPTED', 'ACCEPTED', 'REJECTED', 'WITHDRAWN'])
    const other = choose.one(neurons)
    return {
      ...{ id: uuidAt(created, random), project_id: projectId, author_id: choose.one(authors) },
      ...{
        anchor_kind: 'NEURON',
        anchor_key: anchor.key,
        anchor,
        model_id: anchor.modelId,
        layer: anchor.layer,
        neuron: anchor.index,
      },
      ...{ state, label, description: descriptionOf(choose), tags: choose.some(tags, 3).sort() },
      confidence: Math.round(random() * 100) / 100,
      evidence: choose.chance(0.3) ? [{ anchor: other, note: sentenceOf(choose) }] : [],
      ...{ version: 1, client_mutation_id: `seed:${seed}:${number}` },
      ...{ created_at: at(created), updated_at: at(created) },
    }
  })
  await insert(client, 'annotation', rows)
  await client.query(
    `INSERT INTO annotation_version (annotation_id, version, author_id, label, description, tags, confidence, evidence, created_at)
     SELECT id, version, author_id, label, description, tags, confidence, evidence, created_at FROM annotation
     WHERE project_id = $1 AND client_mutation_id LIKE $2 ON CONFLICT DO NOTHING`,
    [projectId, `seed:${seed}:%`],
  )
  return rows
}

async function addComments(
  client,
  { random, choose, moment, at, authors, neurons, projectId, model, seed },
  count,
  annotations,
) {
  const threads = []
  const rows = Array.from({ length: count }, (_, number) => {
    const parent = threads.length > 0 && choose.chance(0.5) ? choose.one(threads) : null
    const about = annotations[choose.below(annotations.length)]
    const onNote = about !== undefined && choose.chance(0.3)
    const anchor =
      parent?.anchor ??
      (onNote
        ? { kind: 'ANNOTATION', id: about.id, key: `annotation:${about.id}` }
        : choose.one(neurons))
    const created = moment()
    const row = {
      ...{ id: uuidAt(created, random), project_id: projectId, author_id: choose.one(authors) },
      ...{
        anchor_kind: anchor.kind,
        anchor_key: anchor.key,
        anchor,
        part_of: anchor.kind === 'NEURON' ? [`model:${model.id}`] : [],
      },
      ...{
        parent_id: parent?.id ?? null,
        body: commentOf(choose),
        mentions: [],
        version: 1,
        revision: 1,
      },
      ...{ client_mutation_id: `seed:${seed}:${number}`, created_at: at(created) },
      resolved_at: parent === null && choose.chance(0.3) ? at(created + 3_600_000) : null,
    }
    if (parent === null) threads.push(row)
    return row
  })
  // Replies come after what they answer.
  await insert(
    client,
    'comment',
    rows.filter((row) => row.parent_id === null),
  )
  await insert(
    client,
    'comment',
    rows.filter((row) => row.parent_id !== null),
  )
  return rows.length
}

async function addCollections(
  client,
  { random, choose, moment, at, authors, neurons, projectId, seed },
  count,
) {
  const rows = Array.from({ length: count }, (_, number) => {
    const created = moment()
    return {
      ...{ id: uuidAt(created, random), project_id: projectId, author_id: choose.one(authors) },
      ...{ name: labelOf(choose), description: sentenceOf(choose), version: 1 },
      ...{
        client_mutation_id: `seed:${seed}:${number}`,
        created_at: at(created),
        updated_at: at(created),
      },
    }
  })
  await insert(client, 'collection', rows)
  const { rows: kept } = await client.query('SELECT id FROM collection WHERE project_id = $1', [
    projectId,
  ])
  const known = new Set(kept.map(({ id }) => id))
  const items = rows
    .filter(({ id }) => known.has(id))
    .flatMap(({ id, author_id, created_at }) => {
      const start = choose.below(neurons.length)
      return Array.from({ length: 20 + choose.below(180) }, (_, place) => {
        const anchor = neurons[(start + 7 * place) % neurons.length]
        return {
          ...{
            id: uuidAt(Date.parse(created_at), random),
            collection_id: id,
            place,
            anchor_kind: 'NEURON',
            anchor_key: anchor.key,
            anchor,
          },
          ...{
            note: place % 4 === 0 ? sentenceOf(choose) : '',
            added_by_id: author_id,
            created_at,
          },
        }
      })
    })
  await insert(client, 'collection_item', items)
  return rows.length
}
