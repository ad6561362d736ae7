// Queries, mutations and the subscription of neurons.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { neuronKey } from '../anchor/anchor.js'
import { Anchor, toAnchor } from '../anchor/anchor.type.js'
import { EditPayload } from '../edit/edit.type.js'
import { Edit } from '../edit/edit.type.js'
import { LensRun } from '../lens-run/lens-run.type.js'
import { NeuronSurvey, NeuronSurveyPayload } from './neuron-survey.type.js'
import { NeuronsArguments, ScaleNeuronInput, SurveyNeuronsInput } from './neuron.input.js'
import {
  NearNeuron,
  Neuron,
  NeuronConnection,
  NeuronEdit,
  NeuronMoment,
  NeuronRow,
} from './neuron.type.js'

interface FollowArguments {
  readonly id: string
  readonly afterVersion?: number | null
}

const anchorOf = ({ modelId, layer, index }: NeuronRow): Anchor =>
  toAnchor({ kind: 'NEURON', key: neuronKey(modelId, layer, index), modelId, layer, index })

@Resolver(() => NeuronRow)
export class NeuronRowResolver {
  @FieldResolver(() => Anchor, { description: 'What notes about it point at.' })
  anchor(@Root() row: NeuronRow): Anchor {
    return anchorOf(row)
  }
}

@Resolver(() => NeuronMoment)
export class NeuronMomentResolver {
  @FieldResolver(() => LensRun, {
    nullable: true,
    description: 'The run; null when it was deleted meanwhile.',
  })
  run(
    @Root() { runId }: NeuronMoment,
    @Ctx() { loaders }: RequestContext,
  ): Promise<LensRun | null> {
    return loaders.run.load(runId)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The prompt; null when the run has no text, or was deleted.',
  })
  async prompt(
    @Root() { runId }: NeuronMoment,
    @Ctx() { loaders }: RequestContext,
  ): Promise<string | null> {
    return (await loaders.run.load(runId))?.promptText ?? null
  }
}

@Resolver(() => NeuronEdit)
export class NeuronEditResolver {
  @FieldResolver(() => Edit, { nullable: true, description: 'The edit.' })
  edit(@Root() { editId }: NeuronEdit, @Ctx() { loaders }: RequestContext): Promise<Edit | null> {
    return loaders.edit.load(editId)
  }
}

@Resolver(() => Neuron)
export class NeuronResolver {
  @Query(() => NeuronConnection, {
    description: 'The neurons of a layer; empty until the layer was surveyed.',
    complexity: listComplexity,
  })
  neurons(
    @Args(() => NeuronsArguments) asked: NeuronsArguments,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<NeuronRow>> {
    return services.neurons.list(viewer, asked)
  }

  @Query(() => Neuron, {
    nullable: true,
    description: 'One neuron, also of a layer that nobody surveyed; null when there is none.',
  })
  neuron(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Arg('layer', () => Int, { description: 'The layer, from 0.' }) layer: number,
    @Arg('index', () => Int, { description: 'The index in the layer, from 0.' }) index: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Neuron | null> {
    return services.neurons.get(viewer, modelId, layer, index)
  }

  @Mutation(() => EditPayload, {
    description:
      'Saves and queues an edit that multiplies a neuron’s row of `mlp.down` by a factor. It is used in runs and stacks like every edit.',
  })
  scaleNeuron(
    @Arg('input', () => ScaleNeuronInput, { description: 'The neuron and the factor.' })
    input: ScaleNeuronInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({ edit: await services.neuronScales.scale(viewer, input) }))
  }

  @FieldResolver(() => Anchor, { description: 'What notes about it point at.' })
  anchor(@Root() neuron: Neuron): Anchor {
    return anchorOf(neuron)
  }

  @FieldResolver(() => [NearNeuron], {
    description: 'Neurons whose key or value points the same way, by cosine.',
    complexity: ({ childComplexity }) => 5 + 16 * childComplexity,
  })
  nearest(
    @Root() neuron: Neuron,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NearNeuron[]> {
    return services.neurons.nearest(viewer, neuron)
  }

  @FieldResolver(() => [NeuronMoment], {
    description: 'Where in the surveyed runs it was strongest, the strongest first; at most ten.',
    complexity: ({ childComplexity }) => 5 + 10 * childComplexity,
  })
  moments(
    @Root() neuron: Neuron,
    @Ctx() { services, viewer }: RequestContext,
    @Arg('byCoefficient', () => Boolean, {
      nullable: true,
      description: 'By the gradient coefficient instead of by the activation.',
    })
    byCoefficient: boolean | null,
  ): Promise<NeuronMoment[]> {
    return services.neurons.moments(viewer, neuron, byCoefficient ?? false)
  }

  @FieldResolver(() => [NeuronEdit], {
    description: 'Saved edits that change its key or value, the strongest first; at most fifty.',
    complexity: ({ childComplexity }) => 5 + 10 * childComplexity,
  })
  edits(
    @Root() neuron: Neuron,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NeuronEdit[]> {
    return services.neurons.edits(viewer, neuron)
  }

  @FieldResolver(() => NeuronSurvey, {
    nullable: true,
    description: 'The survey of its layer; null when nobody asked for one.',
  })
  survey(
    @Root() { modelId, layer }: Neuron,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NeuronSurvey | null> {
    return services.neuronSurveys.find(viewer, modelId, layer)
  }
}

@Resolver(() => NeuronSurvey)
export class NeuronSurveyResolver {
  @Query(() => NeuronSurvey, {
    nullable: true,
    description: 'The survey of a layer; null when nobody asked for one.',
  })
  neuronSurvey(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Arg('layer', () => Int, { description: 'The layer, from 0.' }) layer: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NeuronSurvey | null> {
    return services.neuronSurveys.find(viewer, modelId, layer)
  }

  @Mutation(() => NeuronSurveyPayload, {
    description:
      'Queues the survey of a layer over the newest finished runs, at most 200; when nothing is new it returns what there is. A failed or cancelled one is tried again.',
  })
  surveyNeurons(
    @Arg('input', () => SurveyNeuronsInput, { description: 'The layer.' })
    input: SurveyNeuronsInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NeuronSurveyPayload> {
    return payloadOf(async () => ({
      neuronSurvey: await services.neuronSurveys.start(viewer, input),
    }))
  }

  @Mutation(() => NeuronSurveyPayload, {
    description: 'Ends a survey that waits or is being made; what it showed before stays.',
  })
  cancelNeuronSurvey(
    @Arg('id', () => ID, { description: 'Id of the survey.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<NeuronSurveyPayload> {
    return payloadOf(async () => ({
      neuronSurvey: await services.neuronSurveys.cancel(viewer, id),
    }))
  }

  @Subscription(() => NeuronSurvey, {
    description: 'Where a survey is: a snapshot first, then every change until its end.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      context.services.neuronSurveys.follow(context.viewer, args.id, args.afterVersion),
  })
  neuronSurveyProgress(
    @Arg('id', () => ID, { description: 'Id of the survey.' }) _id: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'Only changes after this version; everything when absent.',
    })
    _afterVersion: number | null,
    @Root() survey: NeuronSurvey,
  ): NeuronSurvey {
    return survey
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether other runs are the newest now than those whose activations are shown.',
  })
  async stale(@Root() survey: NeuronSurvey, @Ctx() context: RequestContext): Promise<boolean> {
    const model = await context.services.models.find(context.viewer, survey.modelId)
    return model === null || context.services.neuronSurveys.stale(survey, model.digest)
  }
}
