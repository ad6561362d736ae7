// Mutations that bring exported files in.
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
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

const fileOf = { description: 'The file.' }

@Resolver()
export class ImportResolver {
  @Mutation(() => LensRunPayload, {
    description:
      'Brings in a run that `GET /api/runs/<id>.json` gave. Its model and edits must be in the project.',
  })
  importRun(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<LensRunPayload> {
    return payloadOf(async () => ({
      run: await services.lensRuns.get(viewer, await services.exports.importRun(viewer, uploadId)),
    }))
  }

  @Mutation(() => EditPayload, {
    description:
      'Brings in an edit that `GET /api/edits/<id>.json` gave. Its model must be in the project.',
  })
  importEdit(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({
      edit: await services.edits.get(viewer, await services.exports.importEdit(viewer, uploadId)),
    }))
  }

  @Mutation(() => EvaluationPayload, {
    description:
      'Brings in an evaluation that `GET /api/evaluations/<id>/evaluation.json` gave. Its models and data set must be in the project.',
  })
  importEvaluation(
    @Arg('input', () => ImportFileInput, fileOf) { uploadId }: ImportFileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({
      evaluation: await services.evaluations.get(
        viewer,
        await services.exports.importEvaluation(viewer, uploadId),
      ),
    }))
  }
}
