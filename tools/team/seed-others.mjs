// What a made-up team has beside its notes: people, prompts, runs, reviews, activity and inboxes.
import { insert, uuidAt } from './rows.mjs'
import { labelOf, people, sentenceOf, tags } from './words.mjs'

export async function addPeople(client, teamId) {
  const ids = []
  for (const name of people) {
    const handle = name.toLowerCase().replace(' ', '-')
    const { rows } = await client.query(
      `INSERT INTO user_account (id, handle, name, updated_at) VALUES (gen_random_uuid(), $1, $2, now())
       ON CONFLICT (handle) DO UPDATE SET name = EXCLUDED.name RETURNING id`,
      [handle, name],
    )
    ids.push(rows[0].id)
    await client.query(
      `INSERT INTO membership (team_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [teamId, rows[0].id, ids.length % 3 === 0 ? 'RESEARCHER' : 'ANNOTATOR'],
    )
  }
  return ids
}

export async function addPrompts(
  client,
  { random, choose, moment, at, authors, projectId, seed },
  count,
) {
  const rows = Array.from({ length: count }, (_, number) => {
    const created = moment()
    return {
      ...{
        id: uuidAt(created, random),
        project_id: projectId,
        author_id: choose.one(authors),
        model_id: null,
      },
      ...{
        text: `${labelOf(choose)} such as`,
        target: ` ${choose.one(tags)}`,
        tags: choose.some(tags, 2).sort(),
        note: sentenceOf(choose),
      },
      ...{
        client_mutation_id: `seed:${seed}:${number}`,
        created_at: at(created),
        updated_at: at(created),
      },
    }
  })
  return insert(client, 'prompt', rows)
}

export async function addRuns(
  client,
  { random, choose, moment, at, authors, projectId, model, seed },
  count,
) {
  const rows = Array.from({ length: count }, (_, number) => {
    const created = moment()
    return {
      ...{
        id: uuidAt(created, random),
        project_id: projectId,
        author_id: choose.one(authors),
        model_id: model.id,
      },
      ...{
        name: choose.chance(0.3) ? labelOf(choose) : null,
        prompt_text: sentenceOf(choose),
        target_text: ` ${choose.one(tags)}`,
      },
      ...{
        prompt_ids: [1, 2, 3],
        target_ids: [4],
        target_mode: 'LAST',
        lens: 'FINAL_NORM',
        top_k: 10,
        matrices: ['MLP_UP'],
        provider: 'AUTO',
        edit_ids: [],
      },
      ...{
        config_digest: `${seed}-${number}`,
        client_mutation_id: `seed:${seed}:${number}`,
        state: 'CANCELLED',
        stage: 'DONE',
        attempt: 1,
      },
      ...{
        progress_version: 1,
        lease_epoch: 0,
        queued_at: at(created),
        finished_at: at(created),
        created_at: at(created),
      },
    }
  })
  return insert(client, 'lens_run', rows)
}

const states = ['IN_REVIEW', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'APPROVED', 'WITHDRAWN']

export async function addReviews(
  client,
  { random, choose, moment, at, authors, projectId, seed },
  count,
  annotations,
) {
  const rows = annotations.slice(0, count).map((about, number) => {
    const created = moment()
    const state = choose.one(states)
    return {
      ...{ id: uuidAt(created, random), project_id: projectId, requested_by_id: about.author_id },
      ...{
        subject_kind: 'ANNOTATION',
        subject_id: about.id,
        title: about.label,
        body: sentenceOf(choose),
        state,
        version: 1,
        round: 1,
      },
      ...{
        reviewer_roles: ['RESEARCHER'],
        client_mutation_id: `seed:${seed}:${number}`,
        waiting_since: state === 'IN_REVIEW' ? at(created) : null,
      },
      ...{ created_at: at(created), updated_at: at(created) },
    }
  })
  await insert(client, 'review', rows)
  const { rows: kept } = await client.query('SELECT id FROM review WHERE project_id = $1', [
    projectId,
  ])
  const known = new Set(kept.map(({ id }) => id))
  const mine = rows.filter(({ id }) => known.has(id))
  await insert(
    client,
    'review_event',
    mine.map(({ id, requested_by_id, state, created_at }) => ({
      ...{
        id: uuidAt(Date.parse(created_at), random),
        review_id: id,
        version: 1,
        kind: 'requested',
        actor_id: requested_by_id,
      },
      ...{ from_state: null, to_state: state, body: null, created_at },
    })),
  )
  await insert(
    client,
    'review_assignment',
    mine.map(({ id }) => ({ review_id: id, user_id: choose.one(authors) })),
  )
  return rows.length
}

export async function addActivities(
  client,
  { random, choose, moment, at, authors, projectId },
  count,
  annotations,
) {
  const { rows } = await client.query(
    'SELECT count(*)::int AS n FROM activity WHERE project_id = $1',
    [projectId],
  )
  if (rows[0].n >= count) return rows[0].n
  const verbs = ['annotated', 'commented', 'approved', 'asked for changes', 'asked for a review']
  return insert(
    client,
    'activity',
    Array.from({ length: count }, () => {
      const created = moment()
      const about = choose.one(annotations)
      return {
        ...{
          id: uuidAt(created, random),
          project_id: projectId,
          actor_id: choose.one(authors),
          verb: choose.one(verbs),
        },
        ...{
          subject_kind: 'annotation',
          subject_id: about.id,
          title: about.label,
          path: `/annotations/${about.id}`,
        },
        ...{ anchor_keys: [about.anchor_key, `annotation:${about.id}`], created_at: at(created) },
      }
    }),
  )
}

export async function addInbox(
  client,
  { random, choose, moment, at, authors, projectId, userId },
  count,
) {
  const kinds = ['mention', 'reply', 'review-requested', 'decision', 'changes-made']
  return insert(
    client,
    'inbox_item',
    Array.from({ length: count }, (_, number) => {
      const created = moment()
      return {
        ...{
          id: uuidAt(created, random),
          project_id: projectId,
          user_id: userId,
          actor_id: choose.one(authors.slice(1)),
        },
        ...{
          kind: choose.one(kinds),
          subject: `comment:seed-${number}`,
          title: sentenceOf(choose),
          path: '/annotations',
        },
        ...{ read_at: choose.chance(0.7) ? at(created) : null, created_at: at(created) },
      }
    }),
  )
}
