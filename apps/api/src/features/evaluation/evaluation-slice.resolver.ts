// The cases of an evaluation: its slice, and the data set they are from.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Dataset } from '../dataset/dataset.type.js'
import { Slice } from '../slice/slice.type.js'
import { Evaluation } from './evaluation.type.js'

@Resolver(() => Evaluation)
export class EvaluationSliceResolver {
  @FieldResolver(() => Slice, { description: 'The cases it is of.' })
  async slice(
    @Root() { id, sliceId }: Evaluation,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Slice> {
    const slice = await loaders.slice.load(sliceId)
    if (slice === null) throw new Error(`Evaluation ${id} has no slice`)
    return slice
  }

  @FieldResolver(() => Dataset, { description: 'The data set its cases are from.' })
  async dataset(@Root() evaluation: Evaluation, @Ctx() context: RequestContext): Promise<Dataset> {
    const { datasetId } = await this.slice(evaluation, context)
    const dataset = await context.loaders.dataset.load(datasetId)
    if (dataset === null) throw new Error(`Evaluation ${evaluation.id} has no data set`)
    return dataset
  }
}
