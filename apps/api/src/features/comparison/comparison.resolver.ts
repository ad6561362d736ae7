// Queries of comparisons: the table, its cases, one case; and the edit of a case.
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity'
import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import { DatasetCase } from '../dataset/dataset.type.js'
import { EditPayload } from '../edit/edit.type.js'
import { CaseArmDetail, CaseDensity, CasePage, MetricDistribution } from './case-window.type.js'
import { CaseColumn, CaseSort, ComparisonInput } from './comparison.input.js'
import { Comparison, PairedDifference } from './comparison.type.js'

@ObjectType({ description: 'One case in full.' })
export class CaseDetail {
  @Field(() => Int, { description: 'Its place in its data set, from 0.' })
  place!: number

  @Field(() => String, { description: 'Its id in its data set.' })
  caseId!: string

  @Field(() => String, { description: 'Its relation.' })
  relation!: string

  @Field(() => [CaseArmDetail], { description: 'Under each arm.' })
  arms!: CaseArmDetail[]

  @Field(() => DatasetCase, { description: 'The case in its data set.' })
  datasetCase!: DatasetCase
}

/** Rows of a window are plain values: ten cost as much as one that is resolved. */
const windowComplexity = ({ args, childComplexity }: ComplexityEstimatorArgs): number =>
  100 + Math.ceil((Math.min(500, Number(args['limit'] ?? 100)) * childComplexity) / 10)

const inputDescription = 'Evaluations, arms, metrics and cases.'

@Resolver(() => Comparison)
export class ComparisonResolver {
  @Query(() => Comparison, {
    description:
      'Methods side by side on the same cases, with intervals, paired differences and what was published.',
    complexity: ({ childComplexity }: ComplexityEstimatorArgs) => 500 + childComplexity,
  })
  comparison(
    @Arg('input', () => ComparisonInput, { description: inputDescription }) input: ComparisonInput,
    @Arg('quick', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description:
        'Whether a first answer of few resamples will do while the whole one is being counted.',
    })
    quick: boolean | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Comparison> {
    return services.comparisons.compare(viewer, input, quick ?? false)
  }

  @Query(() => [PairedDifference], {
    description: 'Two arms of one evaluation by name, on every metric.',
    complexity: 200,
  })
  compareMethods(
    @Arg('evaluationId', () => ID, { description: 'Id of the evaluation.' }) evaluationId: string,
    @Arg('firstArm', () => String, { description: 'Name of the first arm.' }) firstArm: string,
    @Arg('secondArm', () => String, { description: 'Name of the second arm.' }) secondArm: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<PairedDifference[]> {
    return services.comparisons.comparePair(viewer, evaluationId, [firstArm, secondArm])
  }

  @Query(() => [MetricDistribution], {
    description: 'How the cases of each arm spread over a metric.',
    complexity: 100,
  })
  caseDistributions(
    @Arg('input', () => ComparisonInput, { description: inputDescription }) input: ComparisonInput,
    @Arg('metric', () => String, { description: 'The metric.' }) metric: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<MetricDistribution[]> {
    return services.caseWindows.distributions(viewer, input, metric)
  }

  @Query(() => CaseDensity, { description: 'Cases by two columns.', complexity: 100 })
  caseDensity(
    @Arg('input', () => ComparisonInput, { description: inputDescription }) input: ComparisonInput,
    @Arg('x', () => CaseColumn, { description: 'The column along x.' }) x: CaseColumn,
    @Arg('y', () => CaseColumn, { description: 'The column along y.' }) y: CaseColumn,
    @Arg('bins', () => Int, {
      nullable: true,
      defaultValue: 40,
      description: 'Bins along each, 2 to 100.',
    })
    bins: number | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CaseDensity> {
    return services.caseWindows.density(viewer, input, { x, y, bins: bins ?? 40 })
  }

  @Query(() => CasePage, {
    description: 'A window of the table of cases.',
    complexity: windowComplexity,
  })
  comparisonCases(
    @Arg('input', () => ComparisonInput, { description: inputDescription }) input: ComparisonInput,
    @Arg('sort', () => CaseSort, {
      nullable: true,
      description: 'Its order; by place when absent.',
    })
    sort: CaseSort | null,
    @Arg('offset', () => Int, {
      nullable: true,
      defaultValue: 0,
      description: 'Of the first row, from 0.',
    })
    offset: number | null,
    @Arg('limit', () => Int, {
      nullable: true,
      defaultValue: 100,
      description: 'Rows at most, up to 500.',
    })
    limit: number | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CasePage> {
    const asked = { sort, offset: offset ?? 0, limit: limit ?? 100 }
    return services.caseWindows.window(viewer, input, asked)
  }

  @Query(() => CaseDetail, {
    nullable: true,
    description: 'One case under every arm; null when there is none at this place.',
    complexity: ({ childComplexity }: ComplexityEstimatorArgs) => 100 + childComplexity,
  })
  caseDetail(
    @Arg('evaluationIds', () => [ID], { description: 'Ids of the evaluations, at most 10.' })
    evaluationIds: string[],
    @Arg('place', () => Int, { description: 'Place of the case in the data set.' }) place: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CaseDetail | null> {
    return services.caseDetails.detail(viewer, evaluationIds, place)
  }

  @Mutation(() => EditPayload, {
    description:
      'Saves the edit that an arm makes of a case, with the case’s prompts as probes; asked again, it returns the same edit.',
  })
  openCaseEdit(
    @Arg('armId', () => ID, { description: 'Id of the arm.' }) armId: string,
    @Arg('place', () => Int, { description: 'Place of the case in the data set.' }) place: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({
      edit: await services.caseDetails.openEdit(viewer, armId, place),
    }))
  }
}
