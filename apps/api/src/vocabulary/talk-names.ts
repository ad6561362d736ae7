// The table of enum names of anchors, comments, reviews and the inbox; the right-hand words are for people.
import { defineNamedValues } from './named-values.js'

export const anchorKinds = defineNamedValues(
  'AnchorKind',
  'What a note, a comment or a collection’s item points at.',
  {
    RUN: { engine: 'run', description: 'A lens run.' },
    CELL: { engine: 'cell', description: 'A cell of every run of one configuration.' },
    NEURON: { engine: 'neuron', description: 'A neuron of a model.' },
    EDIT: { engine: 'edit', description: 'An edit.' },
    EVALUATION: { engine: 'evaluation', description: 'An evaluation.' },
    CASE: { engine: 'case', description: 'A case of an evaluation.' },
    CHART: { engine: 'chart', description: 'A chart of a page, or a region of it.' },
    ANNOTATION: { engine: 'annotation', description: 'An annotation.' },
    REVIEW: { engine: 'review', description: 'A review.' },
    PROMPT: { engine: 'prompt', description: 'A saved prompt.' },
    DATASET: { engine: 'dataset', description: 'A data set.' },
    FIGURE_SET: { engine: 'figure-set', description: 'Figures over many prompts.' },
    COLLECTION: { engine: 'collection', description: 'A collection.' },
  } as const,
)
export type AnchorKindKey = keyof typeof anchorKinds.values

export const commentChangeKinds = defineNamedValues(
  'CommentChangeKind',
  'What happened to a comment.',
  {
    SNAPSHOT: {
      engine: 'snapshot',
      description: 'Nothing: how many comments there are when the following begins.',
    },
    ADDED: { engine: 'added', description: 'It is new.' },
    CHANGED: { engine: 'changed', description: 'Its text, state or reactions changed.' },
    DELETED: { engine: 'deleted', description: 'It is gone.' },
  } as const,
)
export type CommentChangeKindKey = keyof typeof commentChangeKinds.values

export const reviewStates = defineNamedValues('ReviewState', 'Where a review is in its life.', {
  DRAFT: { engine: 'draft', description: 'Being written; nobody is asked yet.' },
  IN_REVIEW: { engine: 'in review', description: 'Reviewers are asked to decide.' },
  CHANGES_REQUESTED: {
    engine: 'changes requested',
    description: 'A reviewer wants something changed first.',
  },
  APPROVED: { engine: 'approved', description: 'A reviewer agreed.' },
  WITHDRAWN: { engine: 'withdrawn', description: 'Taken back by who asked.' },
} as const)
export type ReviewStateKey = keyof typeof reviewStates.values

export const reviewSubjects = defineNamedValues('ReviewSubject', 'What can be reviewed.', {
  EDIT: { engine: 'edit', description: 'An edit.' },
  ANNOTATION: { engine: 'annotation', description: 'An annotation.' },
  EVALUATION: { engine: 'evaluation', description: 'An evaluation.' },
} as const)
export type ReviewSubjectKey = keyof typeof reviewSubjects.values

export const reviewDecisions = defineNamedValues('ReviewDecision', 'What a reviewer says.', {
  APPROVE: { engine: 'approve', description: 'It is good as it is.' },
  REQUEST_CHANGES: {
    engine: 'request changes',
    description: 'Something has to change; the text says what.',
  },
} as const)
export type ReviewDecisionKey = keyof typeof reviewDecisions.values

export const reviewOrders = defineNamedValues('ReviewOrder', 'The order of reviews.', {
  WAITING: { engine: 'waiting', description: 'What has waited longest first; ended ones last.' },
  NEWEST: { engine: 'newest', description: 'The newest first.' },
} as const)
export type ReviewOrderKey = keyof typeof reviewOrders.values

export const inboxKinds = defineNamedValues('InboxKind', 'Why something is in an inbox.', {
  MENTION: { engine: 'mention', description: 'Somebody wrote @ and your handle.' },
  REPLY: { engine: 'reply', description: 'Somebody answered in a thread of yours.' },
  REVIEW_REQUESTED: { engine: 'review-requested', description: 'Your review is asked for.' },
  DECISION: { engine: 'decision', description: 'A review of yours was decided.' },
  CHANGES_MADE: {
    engine: 'changes-made',
    description: 'What you wanted changed was submitted again.',
  },
} as const)
export type InboxKindKey = keyof typeof inboxKinds.values
