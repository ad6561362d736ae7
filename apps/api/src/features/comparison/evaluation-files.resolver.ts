// What a comparison adds to an evaluation: its files, and what was computed in sentences.
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Evaluation } from '../evaluation/evaluation.type.js'
import { exportsOf } from './comparison-file.route.js'

@ObjectType({ description: 'A file of an evaluation.', simpleResolvers: true })
export class EvaluationExport {
  @Field(() => String, { description: 'Its name, such as `rows.csv`.' })
  format!: string

  @Field(() => String, { description: 'Where to download it.' })
  url!: string
}

@Resolver(() => Evaluation)
export class EvaluationFilesResolver {
  @FieldResolver(() => [EvaluationExport], {
    description:
      'Files: rows and records of this evaluation; comparison and differences also of several (`?evaluations=a,b&arms=&metrics=`).',
  })
  exports(@Root() { id }: Evaluation): EvaluationExport[] {
    return exportsOf(id)
  }

  @FieldResolver(() => String, {
    description: 'Exactly what was computed, in sentences for an appendix.',
  })
  methodsText(
    @Root() { id }: Evaluation,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<string> {
    return services.comparisonExports.methodsText(viewer, id)
  }
}
