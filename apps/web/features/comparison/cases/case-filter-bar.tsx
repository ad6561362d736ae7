'use client'
// What narrows the cases: words, relations, outcome, flips between two methods, ranges of any metric; each as a chip that can be taken away.
import { Choice } from '../../../components/choice'
import type { CaseOutcome, EditPromptKind, FlipDirection } from '../../../graphql/generated/graphql'
import { PROMPT_KINDS } from '../../edits/edit-words'
import { armLabels, columnsOf, showMetric, type Comparison } from '../comparison-model'
import {
  isFiltered,
  NO_FILTER,
  toggled,
  type CasesFilter,
  type ComparisonView,
  type FlipView,
  type RangeFilter,
} from '../comparison-view'
import type { ChangeView } from '../use-comparison-view'
import { RangeForm } from './range-form'

interface FilterProps {
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
}

interface PartProps extends FilterProps {
  readonly set: (part: Partial<CasesFilter>) => void
}

const ANY = ''

const OUTCOMES: ReadonlyArray<{ readonly value: CaseOutcome | ''; readonly label: string }> = [
  { value: ANY, label: 'any' },
  { value: 'EDITED', label: 'edited' },
  { value: 'SKIPPED', label: 'skipped' },
  { value: 'FAILED', label: 'failed' },
]

const DIRECTIONS: ReadonlyArray<{ readonly value: FlipDirection; readonly label: string }> = [
  { value: 'EITHER', label: 'one right, one wrong' },
  { value: 'ONLY_FIRST', label: 'only the first right' },
  { value: 'ONLY_SECOND', label: 'only the second right' },
]

const KINDS = (['REWRITE', 'PARAPHRASE', 'NEIGHBORHOOD', 'PORTABILITY'] as const).map((value) => ({
  value: value as EditPromptKind,
  label: PROMPT_KINDS[value],
}))

const FLIPS_WORDS = {
  'aria-label': 'Flips between two methods',
  title: 'Right: every token of the wanted answer is the most probable one',
}

function Flips({ comparison, view, set }: PartProps) {
  const { flips } = view.filter
  const labels = armLabels(comparison.arms)
  const [first, second] = comparison.arms
  if (!first || !second) return null
  const options = comparison.arms.map(({ id }) => ({ value: id, label: labels.get(id) ?? '' }))
  if (!flips)
    return (
      <button
        type="button"
        className="button small"
        onClick={() =>
          set({
            flips: {
              firstArmId: view.arms[0] ?? first.id,
              secondArmId: view.arms[1] ?? second.id,
              kind: 'REWRITE',
              direction: 'EITHER',
            },
          })
        }
      >
        Flips
      </button>
    )
  const put = (part: Partial<FlipView>) => set({ flips: { ...flips, ...part } })
  return (
    <span className="filter-group" role="group" {...FLIPS_WORDS}>
      <Choice
        caption="Flips"
        value={flips.firstArmId}
        options={options}
        onChange={(firstArmId) => put({ firstArmId })}
      />
      <Choice
        caption="and"
        value={flips.secondArmId}
        options={options}
        onChange={(secondArmId) => put({ secondArmId })}
      />
      <Choice caption="on" value={flips.kind} options={KINDS} onChange={(kind) => put({ kind })} />
      <Choice
        caption="where"
        value={flips.direction}
        options={DIRECTIONS}
        onChange={(direction) => put({ direction })}
      />
      <button
        type="button"
        className="icon"
        aria-label="No flips"
        onClick={() => set({ flips: null })}
      >
        ×
      </button>
    </span>
  )
}

function RelationChoice({ comparison, view, set }: PartProps) {
  const options = [
    { value: ANY, label: view.filter.relations.length > 0 ? 'add one' : 'any' },
    ...comparison.relations
      .filter(({ relation }) => !view.filter.relations.includes(relation))
      .map(({ relation, cases }) => ({ value: relation, label: `${relation} (${cases})` })),
  ]
  return (
    <Choice
      caption="Relation"
      value={ANY}
      options={options}
      onChange={(relation) =>
        relation && set({ relations: toggled(view.filter.relations, relation) })
      }
    />
  )
}

function Chips({ comparison, view, set }: PartProps) {
  const { relations, ranges } = view.filter
  const columns = columnsOf(comparison)
  const labels = armLabels(comparison.arms)
  const say = ({ armId, metric, min, max, side }: RangeFilter) => {
    const column = columns.find(({ name }) => name === metric)
    const shown = (value: number | null) =>
      value === null ? '…' : column ? showMetric(value, column) : value
    const when = side === 'BEFORE' ? ' before' : ''
    return `${labels.get(armId) ?? 'a method'}: ${column?.label ?? metric}${when} ${shown(min)} to ${shown(max)}`
  }
  return (
    <>
      {relations.map((relation) => (
        <button
          key={relation}
          type="button"
          className="chip"
          onClick={() => set({ relations: toggled(relations, relation) })}
        >
          {relation} <span aria-label="take away">×</span>
        </button>
      ))}
      {ranges.map((range) => (
        <button
          key={`${range.armId}${range.metric}${range.side}`}
          type="button"
          className="chip"
          onClick={() => set({ ranges: ranges.filter((one) => one !== range) })}
        >
          {say(range)} <span aria-label="take away">×</span>
        </button>
      ))}
    </>
  )
}

export function CaseFilterBar(props: FilterProps) {
  const { view, change } = props
  const set = (part: Partial<CasesFilter>) => change({ filter: { ...view.filter, ...part } })
  const parts = { ...props, set }
  return (
    <div className="bar case-filters">
      <input
        type="search"
        className="input"
        placeholder="Search subject, prompt, target"
        aria-label="Search cases"
        value={view.filter.search}
        onChange={(event) => set({ search: event.target.value })}
      />
      <RelationChoice {...parts} />
      <Choice
        caption="Outcome"
        value={view.filter.outcome ?? ANY}
        options={OUTCOMES}
        onChange={(outcome) => set({ outcome: outcome === ANY ? null : outcome })}
      />
      <Flips {...parts} />
      <RangeForm {...props} />
      <Chips {...parts} />
      {isFiltered(view.filter) && (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={view.narrowed}
              onChange={(event) => change({ narrowed: event.target.checked })}
            />
            Table and plots of these cases only
          </label>
          <button
            type="button"
            className="link"
            onClick={() => change({ filter: NO_FILTER, narrowed: false })}
          >
            All cases
          </button>
        </>
      )}
    </div>
  )
}
