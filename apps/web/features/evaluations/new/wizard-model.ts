// The wizard's question with what is sensible filled in -> what is missing, and the request.
import type {
  EvaluationChoicesQuery,
  EvaluationToCloneQuery,
  SlicePartsFragment,
  StartEvaluationInput,
} from '../../../graphql/generated/graphql'
import type { MethodFacts } from '../../edits/lab/method-choice'
import {
  countArms,
  expandArms,
  groupsOfArms,
  MOST_ARMS,
  sweptProblem,
  type ArmDraft,
  type MethodGroup,
} from './arms'
import { EMPTY_WIZARD, type WizardView } from './wizard-view'

export type WizardModel = EvaluationChoicesQuery['models']['edges'][number]['node']
export type ProtocolFacts = EvaluationChoicesQuery['protocols'][number]
export type WizardSlice = SlicePartsFragment

export interface Choices {
  readonly models: readonly WizardModel[]
  readonly protocols: readonly ProtocolFacts[]
  readonly slices: readonly WizardSlice[]
  /** Of the first chosen model. */
  readonly methods: readonly MethodFacts[]
}

/** The question with nothing left open that can be filled in. */
export interface Resolved {
  readonly view: WizardView
  readonly models: readonly WizardModel[]
  readonly groups: readonly MethodGroup[]
  readonly slice: WizardSlice | null
  readonly protocol: string | null
  readonly arms: readonly ArmDraft[]
  readonly armCount: number
}

const usable = ({ available, hasTokenizer }: WizardModel): boolean => available && hasTokenizer

export function chosenModels(
  models: readonly WizardModel[],
  wanted: readonly string[] | null,
): readonly WizardModel[] {
  if (wanted) return wanted.flatMap((id) => models.find((model) => model.id === id) ?? [])
  const first = models.find((model) => model.bundled && usable(model)) ?? models.find(usable)
  return first ? [first] : []
}

/** Methods that need no editor of their own, or whose editor comes with the model. */
export function readyMethods(
  methods: readonly MethodFacts[],
  models: readonly WizardModel[],
): readonly MethodGroup[] {
  const bundled = models.every((model) => model.bundled)
  return methods
    .filter(({ needs }) => bundled || !needs.includes('MEND_CHECKPOINT'))
    .map(({ name }) => ({ method: name, values: {} }))
}

const isReady = ({ state, cases }: WizardSlice): boolean => state === 'DONE' && cases > 0

const USUAL_CASES = 100

/** The chosen slice; else one of the bundled data set whose size is nearest to the usual, the oldest of those. */
export function chosenSlice(
  slices: readonly WizardSlice[],
  wanted: string | null,
): WizardSlice | null {
  if (wanted) return slices.find(({ id }) => id === wanted) ?? null
  const ready = slices.filter(isReady)
  const best = [...ready].sort(
    (a, b) =>
      Number(b.dataset.bundled) - Number(a.dataset.bundled) ||
      Math.abs(a.cases - USUAL_CASES) - Math.abs(b.cases - USUAL_CASES) ||
      a.createdAt.localeCompare(b.createdAt),
  )
  return best[0] ?? null
}

export function resolveWizard(view: WizardView, choices: Choices): Resolved {
  const models = chosenModels(choices.models, view.models)
  const groups = view.groups ?? readyMethods(choices.methods, models)
  const slice = chosenSlice(choices.slices, view.sliceId)
  const fitting = choices.protocols.filter(({ name }) => slice?.dataset.protocols.includes(name))
  const armCount = countArms(groups, models)
  return {
    view,
    models,
    groups,
    slice,
    protocol: view.protocol ?? fitting[0]?.name ?? null,
    arms: expandArms(groups, models),
    armCount,
  }
}

type Features = WizardSlice['dataset']['features']

/** What every protocol needs of a case; other prompts leave their own columns empty where they are missing. */
const NEEDED: ReadonlyArray<readonly [keyof Features, string]> = [
  ['newTargets', 'new targets'],
  ['trueAnswers', 'true answers'],
]

/** Why a protocol cannot score the cases of a data set; null when it can. */
export function unfitReason(
  protocol: string,
  dataset: Pick<WizardSlice['dataset'], 'name' | 'protocols' | 'features'>,
): string | null {
  if (dataset.protocols.includes(protocol)) return null
  const lacking = NEEDED.filter(([name]) => dataset.features[name] === 0).map(([, said]) => said)
  return lacking.length > 0
    ? `${dataset.name} has no ${lacking.join(', no ')}.`
    : `The cases of ${dataset.name} are of another form.`
}

export type Section = 'models' | 'methods' | 'slice' | 'protocol' | 'settings'

export interface Missing {
  readonly section: Section
  readonly text: string
}

const whole = (text: string): number | null => {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isSafeInteger(value) ? value : null
}

const isOptionalWhole = (text: string, from: number, to: number): boolean => {
  const value = whole(text)
  return text.trim() === '' || (value !== null && value >= from && value <= to)
}

const MOST_SEED = 2 ** 31 - 1

function settingsProblem({ cases, seed, threads, casesPerBatch }: WizardView): string | null {
  if (!isOptionalWhole(cases, 1, 1e9))
    return 'Cases: a whole number from 1, or nothing for the whole slice.'
  if (seed.trim() === '' || !isOptionalWhole(seed, 0, MOST_SEED))
    return 'Seed: a whole number from 0.'
  if (!isOptionalWhole(threads, 1, 256)) return 'Threads: a whole number from 1 to 256, or nothing.'
  if (!isOptionalWhole(casesPerBatch, 1, 1000))
    return 'Cases in a batch: a whole number from 1 to 1,000, or nothing.'
  return null
}

/** The first hyperparameter that cannot be as it is. */
export function groupProblem(
  group: MethodGroup,
  methods: readonly MethodFacts[],
  layers: number,
): string | null {
  const method = methods.find(({ name }) => name === group.method)
  if (!method) return `${group.method} is no method of this model.`
  const wrong = method.hyperparameters.find((fact) => sweptProblem(fact, group.values, layers))
  return wrong ? `${wrong.title} of ${group.method} cannot have this value.` : null
}

/** What still has to be said or put right, first things first. */
export function whatIsMissing(resolved: Resolved, choices: Choices): readonly Missing[] {
  const { models, groups, slice, protocol, armCount, view } = resolved
  const layers = Math.min(...models.map((model) => model.layers))
  const found: (Missing | null)[] = [
    models.length === 0 ? { section: 'models', text: 'Choose a model.' } : null,
    ...models
      .filter((model) => !usable(model))
      .map(({ name }) => ({ section: 'models' as const, text: `${name} cannot be used now.` })),
    groups.length === 0 ? { section: 'methods', text: 'Choose a method.' } : null,
    ...groups.map((group) => {
      const text = choices.methods.length > 0 ? groupProblem(group, choices.methods, layers) : null
      return text ? { section: 'methods' as const, text } : null
    }),
    armCount > MOST_ARMS
      ? { section: 'methods', text: `${armCount} arms are too many: ${MOST_ARMS} at most.` }
      : null,
    slice === null ? { section: 'slice', text: 'Choose a slice, or make one.' } : null,
    slice !== null && !isReady(slice)
      ? { section: 'slice', text: 'This slice is not ready, or holds no case.' }
      : null,
    slice !== null && protocol === null
      ? { section: 'protocol', text: 'No protocol can score this data set.' }
      : null,
    slice !== null && protocol !== null && unfitReason(protocol, slice.dataset) !== null
      ? { section: 'protocol', text: unfitReason(protocol, slice.dataset) ?? '' }
      : null,
  ]
  const settings = settingsProblem(view)
  return [
    ...found.filter((one) => one !== null),
    ...(settings ? [{ section: 'settings' as const, text: settings }] : []),
  ]
}

/** Cases that will be computed: as many as asked for, and no more than the slice holds. */
export function casesOf({ view, slice }: Resolved): number | null {
  const asked = whole(view.cases)
  if (!slice) return asked
  return asked === null ? slice.cases : Math.min(asked, slice.cases)
}

/** null while something is missing. */
export function evaluationInput(
  resolved: Resolved,
  clientMutationId?: string,
): StartEvaluationInput | null {
  const { view, slice, protocol, arms } = resolved
  if (!slice || !protocol || arms.length === 0) return null
  const cases = casesOf(resolved)
  const threads = whole(view.threads)
  const casesPerBatch = whole(view.casesPerBatch)
  return {
    sliceId: slice.id,
    protocol,
    arms: arms.map((arm) => ({ ...arm })),
    seed: whole(view.seed) ?? 0,
    divergence: view.divergence,
    generation: view.texts,
    provider: view.provider,
    priority: view.priority,
    ...(cases !== null && { cases }),
    ...(threads !== null && { threads }),
    ...(casesPerBatch !== null && { casesPerBatch }),
    ...(view.name.trim() && { name: view.name.trim() }),
    ...(view.note.trim() && { note: view.note.trim() }),
    ...(view.preset && { preset: view.preset }),
    ...(view.from && { clonedFromId: view.from }),
    ...(clientMutationId && { clientMutationId }),
  }
}

type Cloned = NonNullable<EvaluationToCloneQuery['evaluation']>

const isValues = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The question that an evaluation answered, to be changed and asked again. */
export function viewOfEvaluation(one: Cloned): WizardView {
  const arms = one.arms.map(({ name, method, model, hyperparameters }) => ({
    name,
    method,
    modelId: model.id,
    hyperparameters: isValues(hyperparameters) ? hyperparameters : {},
  }))
  const { settings } = one
  return {
    ...EMPTY_WIZARD,
    from: one.id,
    models: [...new Set(one.arms.map(({ model }) => model.id))],
    groups: groupsOfArms(arms),
    sliceId: one.slice.id,
    protocol: one.protocol.name,
    cases: String(one.cases),
    seed: String(one.seed),
    divergence: settings.divergence,
    texts: settings.generation !== null,
    provider: settings.provider,
    threads: settings.threads === null ? '' : String(settings.threads),
    casesPerBatch: String(settings.casesPerBatch),
    priority: one.priority,
    note: one.note ?? '',
    preset: settings.preset,
  }
}
