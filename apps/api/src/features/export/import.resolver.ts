// Mutations that bring exported files in.
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import { EditPayload } from '../edit/edit.type.js'
import { EvaluationPayload } from '../evaluation/evaluation.type.js'
import { LensRunPayload } from '../lens-run/lens-run.type.js'

@InputType({ description: 'An exported file to bring in.' })
export class ImportFileInput {
  @Field(() => ID, {
    description: 'Id of the file, as `POST /api/uploads` answered it; the file is gone afterwards.',
  })
  uploadId!: string
}

const existed = {
  nullable: true,
  description:
    'Whether an earlier import of the same content had made it, so that nothing was written; null when there were errors.',
}

@ObjectType({ description: 'What importing a run returns.' })
export class ImportRunPayload extends LensRunPayload {
  @Field(() => Boolean, existed)
  existed?: boolean | null
}

@ObjectType({ description: 'What importing an edit returns.' })
export class ImportEditPayload extends EditPayload {
  @Field(() => Boolean, existed)
  existed?: boolean | null
}

@ObjectType({ description: 'What importing an evaluation returns.' })
export class ImportEvaluationPayload extends EvaluationPayload {
  @Field(() => Boolean, existed)
  existed?: boolean | null
}

const fileOf = { description: 'The file.' }

@Resolver()
export class ImportResolver {
  @Mutation(() => ImportRunPayload, {
    description:
      'Brings in a run that `GET /api/runs/<id>.json` gave. Its model and edits must be in the project. The same content a second time gives what the first time made.',
  })
  importRun(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ImportRunPayload> {
    return payloadOf(async () => {
      const { id, existed } = await services.exports.importRun(viewer, uploadId)
      return { run: await services.lensRuns.get(viewer, id), existed }
    })
  }

  @Mutation(() => ImportEditPayload, {
    description:
      'Brings in an edit that `GET /api/edits/<id>.json` gave. Its model must be in the project. The same content a second time gives what the first time made.',
  })
  importEdit(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ImportEditPayload> {
    return payloadOf(async () => {
      const { id, existed } = await services.exports.importEdit(viewer, uploadId)
      return { edit: await services.edits.get(viewer, id), existed }
    })
  }

  @Mutation(() => ImportEvaluationPayload, {
    description:
      'Brings in an evaluation that `GET /api/evaluations/<id>/evaluation.json` gave. Its models and data set must be in the project. The same content a second time gives what the first time made.',
  })
  importEvaluation(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ImportEvaluationPayload> {
    return payloadOf(async () => {
      const { id, existed } = await services.exports.importEvaluation(viewer, uploadId)
      return { evaluation: await services.evaluations.get(viewer, id), existed }
    })
  }
}
