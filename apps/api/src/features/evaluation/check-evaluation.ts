// What a user asks of an evaluation -> a checked question: every mistake that needs no computing to be seen, before anything is
// written.
import type { EvaluationLibrary } from '../../engine/evaluation-library.js'
import { fitsProtocol, paperNames } from '../../engine/evaluation-library.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import { protocolNames } from '../../engine/protocol-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import type { EvaluationSettingsJson } from '../../jobs/evaluation-claim.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { providerChoices } from '../../vocabulary/names.js'
import type { Viewer } from '../account/viewer.js'
import type { DeviceService } from '../device/device.service.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import { checkArms } from './check-arms.js'
import type { ArmValues } from './evaluation-change.repository.js'
import type { EvaluationSliceRepository, SliceHead } from './evaluation-slice.repository.js'
import type { ArmInput, StartEvaluationInput } from './evaluation.input.js'

export interface EvaluationChecksParts {
  readonly models: ModelService
  readonly library: ModelLibrary
  readonly evaluationLibrary: EvaluationLibrary
  readonly slices: EvaluationSliceRepository
  readonly devices: DeviceService
}

export interface CheckedEvaluation {
  readonly slice: SliceHead
  readonly protocol: string
  readonly arms: readonly ArmValues[]
  readonly cases: number
  readonly seed: number
  readonly priority: number
  readonly settings: EvaluationSettingsJson
  readonly name: string
  readonly note: string | null
}

export const limits = {
  ...{ arms: 64, casesPerBatch: 1_000, threads: 256, priority: 100, seed: 2 ** 31 - 1 },
  ...{ name: 200, note: 20_000 },
} as const
/** As in ROME's and MEMIT's code: 100 tokens with the prompt, each drawn from the five most probable. */
const generation = { length: 100, topK: 5 } as const
const defaultCasesPerBatch = 8
/** Records of cases that are looked at together. */
const piece = 500

export class EvaluationChecks {
  readonly #parts: EvaluationChecksParts

  constructor(parts: EvaluationChecksParts) {
    this.#parts = parts
  }

  /** @throws UserFailure naming the field that is wrong */
  async check(viewer: Viewer, input: StartEvaluationInput): Promise<CheckedEvaluation> {
    const name = checkText(input.name?.trim(), 'name', limits.name)
    const note = checkText(input.note?.trim(), 'note', limits.note)
    const protocol = checkProtocol(input.protocol)
    const settings = await this.#settings(input)
    const seed = inRange('seed', input.seed ?? 0, 0, limits.seed)
    const priority = checkPriority(input.priority ?? 0)
    const slice = await this.#slice(viewer, input.sliceId)
    const cases = inRange('cases', input.cases ?? slice.cases, 1, slice.cases)
    const arms = await this.arms(viewer, input.arms, [])
    await this.checkFit(slice.id, protocol, 0, cases)
    const title = name ?? titleOf(arms, slice.name)
    return { slice, protocol, arms, cases, seed, priority, settings, name: title, note }
  }

  /** Complete arms beside those that are there. @throws UserFailure */
  arms(
    viewer: Viewer,
    inputs: readonly ArmInput[],
    taken: readonly string[],
  ): Promise<readonly ArmValues[]> {
    return checkArms(this.#parts, viewer, inputs, { taken, most: limits.arms })
  }

  /** @throws PROTOCOL_UNFIT with how many cases cannot be scored, and why */
  async checkFit(sliceId: string, protocol: string, from: number, to: number): Promise<void> {
    const reasons = new Map<string, number>()
    for (let place = from; place < to; place += piece) {
      const count = Math.min(piece, to - place)
      for (const record of await this.#parts.slices.records(sliceId, place, count)) {
        const reason = fitsProtocol(protocol, record)
        if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    if (reasons.size === 0) return
    const named = [...reasons].map(([reason, count]) => `${count} because ${reason}`).join('; ')
    throw new UserFailure(
      'PROTOCOL_UNFIT',
      `${protocol} cannot score all of the ${to - from} cases: ${named}.`,
      { field: 'protocol', cure: 'Choose another protocol, or a slice without these cases.' },
    )
  }

  async #slice({ projectId }: Viewer, id: string): Promise<SliceHead> {
    const slice = isUuid(id) ? await this.#parts.slices.find(projectId, id) : null
    if (slice === null) throw notFound('slice', 'sliceId')
    if (slice.state === 'DONE' && slice.cases > 0) return slice
    const message =
      slice.state === 'DONE'
        ? `The slice ${slice.name} has no cases.`
        : `The slice ${slice.name} is not ready: it is ${slice.state.toLowerCase()}.`
    throw new UserFailure('SLICE_NOT_READY', message, {
      field: 'sliceId',
      cure: 'Wait until it is done, or choose another.',
    })
  }

  async #settings(input: StartEvaluationInput): Promise<EvaluationSettingsJson> {
    const provider = input.provider ?? 'AUTO'
    await this.#parts.devices.require(provider)
    const perBatch = input.casesPerBatch ?? defaultCasesPerBatch
    const { threads } = input
    return {
      divergence: input.divergence ?? true,
      generation: input.generation === true ? generation : null,
      casesPerBatch: inRange('casesPerBatch', perBatch, 1, limits.casesPerBatch),
      threads: typeof threads === 'number' ? inRange('threads', threads, 1, limits.threads) : null,
      provider: providerChoices.toEngine(provider),
      preset: checkPreset(input.preset),
    }
  }
}

export const checkPriority = (priority: number): number =>
  inRange('priority', priority, -limits.priority, limits.priority)

/** A name that is not empty. @throws UserFailure */
export function requireName(name: string): string {
  const checked = checkText(name.trim(), 'name', limits.name)
  if (checked !== null) return checked
  throw new UserFailure('BAD_ARGUMENT', 'The name is empty.', {
    field: 'name',
    cure: 'Write a name.',
  })
}

export function inRange(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value
  throw new UserFailure('BAD_ARGUMENT', `${field} is ${value}.`, {
    field,
    cure: `Use a whole number from ${least} to ${most}.`,
  })
}

function checkProtocol(protocol: string): string {
  if ((protocolNames as readonly string[]).includes(protocol)) return protocol
  throw new UserFailure('BAD_ARGUMENT', `There is no protocol "${protocol.slice(0, 60)}".`, {
    field: 'protocol',
    cure: `Use one of: ${protocolNames.join(', ')}.`,
  })
}

function checkPreset(preset: string | null | undefined): string | null {
  if (!preset) return null
  if ((paperNames as readonly string[]).includes(preset)) return preset
  throw new UserFailure('BAD_ARGUMENT', `There is no preset "${preset.slice(0, 60)}".`, {
    field: 'preset',
    cure: `Leave it out, or use one of: ${paperNames.join(', ')}.`,
  })
}

/** What an evaluation is called that was given no name. */
function titleOf(arms: readonly ArmValues[], slice: string): string {
  const methods = [...new Set(arms.map(({ method }) => method))]
  const more = methods.length > 3 ? ` and ${methods.length - 3} more` : ''
  return `${methods.slice(0, 3).join(', ')}${more} on ${slice}`.slice(0, limits.name)
}
