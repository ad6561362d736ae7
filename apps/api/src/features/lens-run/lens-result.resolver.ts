// The results of a run as fields of LensRun: summary, grids, cells, imprint.
import { GraphQLJSON } from 'graphql-scalars'
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { deviceOfReceipt } from '../device/device.service.js'
import { RunDevice } from '../device/device.type.js'
import { Cell, CellConnection, HiddenCell, HiddenGrid, LensGrid } from './cell.type.js'
import { GradientCheckEntry, GradientRankEntry, ImprintAndShift } from './gradient.type.js'
import { LensRun } from './lens-run.type.js'
import { Answer, Token } from './token.type.js'

/** A grid decodes one packed row a layer; this keeps a query from asking for the grids of many runs at once. */
const gridComplexity = ({ childComplexity }: { childComplexity: number }): number =>
  100 + childComplexity

@Resolver(() => LensRun)
export class LensResultResolver {
  @FieldResolver(() => [Token], {
    description: 'The tokens that were read, in order; empty until done.',
  })
  async tokens(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Token[]> {
    return (await context.loaders.resultHead.load(run.id))?.summary.tokens ?? []
  }

  @FieldResolver(() => [Token], { description: 'The target’s tokens; empty until done.' })
  async targetTokens(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Token[]> {
    return (await context.loaders.resultHead.load(run.id))?.summary.target.tokens ?? []
  }

  @FieldResolver(() => Token, {
    nullable: true,
    description: 'The token whose rank is reported; null until done.',
  })
  async rankedTarget(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Token | null> {
    return (await context.loaders.resultHead.load(run.id))?.summary.target.ranked ?? null
  }

  @FieldResolver(() => Answer, {
    nullable: true,
    description: 'What the model itself would say next; null until done.',
  })
  async answer(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Answer | null> {
    const summary = (await context.loaders.resultHead.load(run.id))?.summary ?? null
    return summary === null ? null : { token: summary.answer, next: summary.next }
  }

  @FieldResolver(() => [matrixNames.values], {
    description: 'The matrices that were read; empty until done.',
  })
  async matrices(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<MatrixNameKey[]> {
    return (await context.loaders.resultHead.load(run.id))?.summary.matrices ?? []
  }

  @FieldResolver(() => GraphQLJSON, {
    nullable: true,
    description: 'Text of every token id in the result: `{"262": "·the"}`; null until done.',
  })
  async texts(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<unknown> {
    return (await context.loaders.resultHead.load(run.id))?.summary.texts ?? null
  }

  @FieldResolver(() => [GradientRankEntry], {
    description: 'Numerical rank of every matrix’s gradient; empty until done.',
  })
  async gradientRank(
    @Root() run: LensRun,
    @Ctx() context: RequestContext,
  ): Promise<GradientRankEntry[]> {
    return (await context.loaders.resultHead.load(run.id))?.summary.gradientRank ?? []
  }

  @FieldResolver(() => [GradientCheckEntry], {
    description: 'The gradient check of every matrix; empty until done.',
  })
  async gradientCheck(
    @Root() run: LensRun,
    @Ctx() context: RequestContext,
  ): Promise<GradientCheckEntry[]> {
    return (await context.loaders.resultHead.load(run.id))?.summary.gradientCheck ?? []
  }

  @FieldResolver(() => GraphQLJSON, {
    nullable: true,
    description:
      'Digests, versions, provider, seed, reconstruction error and timings; null until done.',
  })
  async receipt(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<unknown> {
    return (await context.loaders.resultHead.load(run.id))?.receipt ?? null
  }

  @FieldResolver(() => RunDevice, {
    nullable: true,
    description: 'Where it was computed and why there; null until done.',
  })
  async device(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<RunDevice | null> {
    return deviceOfReceipt((await context.loaders.resultHead.load(run.id))?.receipt)
  }

  @FieldResolver(() => LensGrid, {
    nullable: true,
    complexity: gridComplexity,
    description:
      'The grid of one matrix; null until done, or when the run does not have the matrix.',
  })
  grid(
    @Root() run: LensRun,
    @Arg('matrix', () => matrixNames.values, { description: 'The matrix.' }) matrix: MatrixNameKey,
    @Ctx() context: RequestContext,
  ): Promise<LensGrid | null> {
    return context.services.lensResults.grid(run.id, matrix)
  }

  @FieldResolver(() => HiddenGrid, {
    nullable: true,
    complexity: gridComplexity,
    description: 'The ordinary logit lens of the hidden states; null until done.',
  })
  hiddenGrid(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<HiddenGrid | null> {
    return context.services.lensResults.hiddenGrid(run.id)
  }

  @FieldResolver(() => Cell, {
    nullable: true,
    description: 'One cell; null until done, or when there is no such cell.',
  })
  cell(
    @Root() run: LensRun,
    @Arg('layer', () => Int, { description: 'Layer, counted from 0.' }) layer: number,
    @Arg('position', () => Int, { description: 'Position, counted from 0.' }) position: number,
    @Arg('matrix', () => matrixNames.values, { description: 'The matrix.' }) matrix: MatrixNameKey,
    @Arg('factor', () => factorNames.values, {
      nullable: true,
      description: 'The factor; the one in the residual stream when absent.',
    })
    factor: FactorNameKey | null,
    @Ctx() context: RequestContext,
  ): Promise<Cell | null> {
    return context.services.lensResults.cell(run.id, {
      layer,
      position,
      matrix,
      factor: factor ?? null,
    })
  }

  @FieldResolver(() => HiddenCell, {
    nullable: true,
    description:
      'The ordinary logit lens at one layer and position; null until done, or when there is no such cell.',
  })
  hiddenCell(
    @Root() run: LensRun,
    @Arg('layer', () => Int, { description: 'Layer, counted from 0.' }) layer: number,
    @Arg('position', () => Int, { description: 'Position, counted from 0.' }) position: number,
    @Ctx() context: RequestContext,
  ): Promise<HiddenCell | null> {
    return context.services.lensResults.hiddenCell(run.id, layer, position)
  }

  @FieldResolver(() => [ImprintAndShift], {
    description:
      'Imprint and shift at one layer and position, one entry a matrix of neurons; empty until done.',
  })
  imprint(
    @Root() run: LensRun,
    @Arg('layer', () => Int, { description: 'Layer, counted from 0.' }) layer: number,
    @Arg('position', () => Int, { description: 'Position, counted from 0.' }) position: number,
    @Ctx() context: RequestContext,
  ): Promise<ImprintAndShift[]> {
    return context.services.lensResults.imprint(run.id, layer, position)
  }

  @FieldResolver(() => CellConnection, {
    complexity: listComplexity,
    description: 'Cells by matrix, layer, position and factor, in this order; empty until done.',
  })
  cells(
    @Root() run: LensRun,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'Page size, at most 100; 20 when absent.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to continue after.' })
    after: string | null,
    @Arg('matrix', () => matrixNames.values, { nullable: true, description: 'Only this matrix.' })
    matrix: MatrixNameKey | null,
    @Arg('layer', () => Int, { nullable: true, description: 'Only this layer.' })
    layer: number | null,
    @Arg('position', () => Int, { nullable: true, description: 'Only this position.' })
    position: number | null,
    @Arg('factor', () => factorNames.values, { nullable: true, description: 'Only this factor.' })
    factor: FactorNameKey | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Cell>> {
    const filter = {
      matrix: matrix ?? null,
      layer: layer ?? null,
      position: position ?? null,
      factor: factor ?? null,
    }
    return context.services.lensResults.cells(run.id, filter, {
      first: first ?? null,
      after: after ?? null,
    })
  }
}
