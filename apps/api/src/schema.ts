// The GraphQL schema: every resolver, and the scalars.
import 'reflect-metadata'
import { createPubSub } from '@graphql-yoga/subscription'
import { lexicographicSortSchema, printSchema } from 'graphql'
import type { GraphQLSchema } from 'graphql'
import { GraphQLDateTime } from 'graphql-scalars'
import { buildSchemaSync } from 'type-graphql'
import { guardSchema } from './access/guard-schema.js'
import { AnchorResolver } from './features/anchor/anchor.resolver.js'
import {
  AnnotationFieldsResolver,
  AnnotationVersionResolver,
  EvidenceResolver,
} from './features/annotation/annotation-fields.resolver.js'
import { AnnotationResolver } from './features/annotation/annotation.resolver.js'
import { CollectionItemResolver } from './features/collection/collection-item.resolver.js'
import { CollectionResolver } from './features/collection/collection.resolver.js'
import { SearchResolver } from './features/search/search.resolver.js'
import { CommentResolver } from './features/comment/comment.resolver.js'
import {
  ReviewEventResolver,
  ReviewFieldsResolver,
  ReviewedAnnotationResolver,
  ReviewedEditResolver,
  ReviewedEvaluationResolver,
} from './features/review/review-fields.resolver.js'
import { ReviewResolver } from './features/review/review.resolver.js'
import { InterferenceResolver } from './features/interference/interference.resolver.js'
import { InboxResolver } from './features/inbox/inbox.resolver.js'
import { ActivityResolver } from './features/activity/activity.resolver.js'
import {
  ApiKeyResolver,
  AuditResolver,
  ShareLinkResolver,
} from './features/account/credential.resolver.js'
import { ProjectResolver } from './features/account/project.resolver.js'
import { SessionResolver } from './features/account/session.resolver.js'
import {
  InvitationResolver,
  MemberResolver,
  TeamResolver,
} from './features/account/team.resolver.js'
import { ComparisonResolver } from './features/comparison/comparison.resolver.js'
import { DatasetImportResolver } from './features/dataset/dataset-import.resolver.js'
import { DatasetResolver } from './features/dataset/dataset.resolver.js'
import { EvaluationFilesResolver } from './features/comparison/evaluation-files.resolver.js'
import { EditTaskResolver } from './features/edit/edit-task.resolver.js'
import { EditMethodResolver, EditResolver } from './features/edit/edit.resolver.js'
import {
  EvaluationArmResolver,
  EvaluationFieldsResolver,
  EvaluationProgressResolver,
} from './features/evaluation/evaluation-fields.resolver.js'
import { EvaluationSliceResolver } from './features/evaluation/evaluation-slice.resolver.js'
import { EvaluationResolver } from './features/evaluation/evaluation.resolver.js'
import { AwaitResolver } from './features/export/await.resolver.js'
import { ImportResolver } from './features/export/import.resolver.js'
import { FactResolver } from './features/fact/fact.resolver.js'
import { FigureSetResolver } from './features/figure-set/figure-set.resolver.js'
import { LensResultResolver } from './features/lens-run/lens-result.resolver.js'
import { LensRunResolver } from './features/lens-run/lens-run.resolver.js'
import { ModelImportResolver } from './features/model-import/model-import.resolver.js'
import { ModelResolver } from './features/model/model.resolver.js'
import {
  NeuronEditResolver,
  NeuronMomentResolver,
  NeuronResolver,
  NeuronRowResolver,
  NeuronSurveyResolver,
} from './features/neuron/neuron.resolver.js'
import { PromptResolver } from './features/prompt/prompt.resolver.js'
import { ProtocolResolver } from './features/protocol/protocol.resolver.js'
import { ServerStatusResolver } from './features/server-status/server-status.resolver.js'
import { SliceResolver } from './features/slice/slice.resolver.js'
import { TokenSearchResolver } from './features/token-search/token-search.resolver.js'
import { WorkerResolver } from './features/worker/worker.resolver.js'

const resolvers = [
  ServerStatusResolver,
  SessionResolver,
  TeamResolver,
  MemberResolver,
  InvitationResolver,
  ProjectResolver,
  ApiKeyResolver,
  ShareLinkResolver,
  AuditResolver,
  ModelResolver,
  ModelImportResolver,
  PromptResolver,
  LensRunResolver,
  LensResultResolver,
  FactResolver,
  EditResolver,
  EditMethodResolver,
  EditTaskResolver,
  DatasetResolver,
  DatasetImportResolver,
  SliceResolver,
  TokenSearchResolver,
  ProtocolResolver,
  EvaluationResolver,
  EvaluationFieldsResolver,
  EvaluationSliceResolver,
  EvaluationArmResolver,
  EvaluationProgressResolver,
  WorkerResolver,
  ComparisonResolver,
  EvaluationFilesResolver,
  FigureSetResolver,
  NeuronRowResolver,
  NeuronResolver,
  NeuronMomentResolver,
  NeuronEditResolver,
  NeuronSurveyResolver,
  AwaitResolver,
  ImportResolver,
  AnnotationResolver,
  AnnotationFieldsResolver,
  AnnotationVersionResolver,
  EvidenceResolver,
  CollectionResolver,
  CollectionItemResolver,
  SearchResolver,
  AnchorResolver,
  CommentResolver,
  ReviewResolver,
  InterferenceResolver,
  ReviewFieldsResolver,
  ReviewEventResolver,
  ReviewedAnnotationResolver,
  ReviewedEditResolver,
  ReviewedEvaluationResolver,
  InboxResolver,
  ActivityResolver,
] as const

export function buildImprintSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers,
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    validate: false,
    // Required by type-graphql though every subscription names its own source (PostgreSQL is the bus).
    pubSub: createPubSub(),
  })
  return guardSchema(schema)
}

/** The schema as the text that is committed as apps/api/schema.graphql. */
export function printImprintSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildImprintSchema()))}\n`
}
