// The result in five numbers.
import { showDuration, showNumber } from '../../lens/numbers'
import { showChance } from '../chance'
import { LevelBadge } from '../badges'
import { shareOf, worstGrowth, type EditFacts, type Share } from './effect-model'

const sayShare = ({ good, of }: Share) => (of === 0 ? '–' : `${good} of ${of}`)
const signed = (value: number | null | undefined) =>
  typeof value === 'number' ? `${value > 0 ? '+' : ''}${showNumber(value, 3)}` : '–'

interface Tile {
  readonly name: string
  readonly meaning: string
  readonly value: string
  readonly more?: React.ReactNode
}

/** What became of the request; an edit that scales a neuron has none. */
function requestTiles(edit: EditFacts): readonly Tile[] {
  if (edit.requests.length === 0) return []
  const prompts = edit.effect?.prompts ?? []
  const rewrite = prompts.find(({ kind }) => kind === 'REWRITE')
  const probability = (value: number | null | undefined) =>
    typeof value === 'number' ? showChance(value) : '–'
  return [
    {
      name: 'P(target)',
      meaning: 'Probability of the whole target after the prompt, before and after the edit',
      value: `${probability(rewrite?.before.targetProbability)} → ${probability(rewrite?.after.targetProbability)}`,
    },
    {
      name: 'Logit of the target',
      meaning: 'Change of the logit of the target’s first token, as measured; by first order below',
      value: signed(rewrite?.measuredLogitChange),
      more: <>predicted {signed(rewrite?.predictedLogitChange)}</>,
    },
    {
      name: 'Paraphrases reached',
      meaning: 'Paraphrases after which the model says the target',
      value: sayShare(shareOf(prompts, 'PARAPHRASE')),
    },
    {
      name: 'Neighbors kept',
      meaning: 'Neighbors after which the model says what it said before',
      value: sayShare(shareOf(prompts, 'NEIGHBORHOOD')),
    },
  ]
}

function tilesOf(edit: EditFacts): readonly Tile[] {
  const worst = worstGrowth(edit.growth)
  return [
    ...requestTiles(edit),
    {
      name: 'Strength',
      meaning: 'Largest singular value of the change over that of the matrix, the strongest matrix',
      value: worst ? showNumber(worst.spectral, 3) : '0',
      more: worst ? <LevelBadge level={worst.level} /> : <>nothing was written</>,
    },
    {
      name: 'Cost',
      meaning: 'Time of the computation alone, without the measurements',
      value: edit.cost ? showDuration(edit.cost.milliseconds / 1000) : '–',
      more: edit.cost ? <>{edit.cost.passes} passes</> : null,
    },
  ]
}

export function EditSummary({ edit }: { readonly edit: EditFacts }) {
  return (
    <dl className="card tiles" data-testid="edit-summary">
      {tilesOf(edit).map(({ name, meaning, value, more }) => (
        <div key={name} title={meaning}>
          <dt>{name}</dt>
          <dd>
            <b className="tabular">{value}</b>
            {more && <small className="muted">{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
