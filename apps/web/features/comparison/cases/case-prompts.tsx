// The prompts of a case by kind, and the texts generated from it, one column a method.
import { diffTexts } from '../../edits/text-diff'
import { PROMPT_KINDS } from '../../edits/edit-words'
import { showNumber } from '../../lens/numbers'
import {
  continuationRows,
  promptRows,
  type ArmDetail,
  type PromptDetail,
  type PromptRow,
} from './case-detail-model'
import { ChanceBar } from './chance-bar'

interface ArmsProps {
  readonly arms: readonly ArmDetail[]
}

function Verdict({ right }: { readonly right: boolean | null }) {
  if (right === null) return null
  return (
    <span className="verdict" data-tone={right ? 'good' : 'bad'}>
      {right ? 'holds' : 'fails'}
    </span>
  )
}

function PromptCell({ one }: { readonly one: PromptDetail | null }) {
  if (!one) return <td className="faint">–</td>
  return (
    <td>
      <Verdict right={one.correctAfter} />
      <span className="case-chances">
        <small>new</small>
        <ChanceBar before={one.newBefore} after={one.newAfter} />
        {(one.trueBefore !== null || one.trueAfter !== null) && (
          <>
            <small>true</small>
            <ChanceBar before={one.trueBefore} after={one.trueAfter} what="P(true)" />
          </>
        )}
      </span>
      {one.klToBase !== null && (
        <small className="muted">KL {showNumber(one.klToBase, 2)} nats</small>
      )}
    </td>
  )
}

function PromptLine({ row, first }: { readonly row: PromptRow; readonly first: boolean }) {
  const wanted = row.byArm.find((one) => one !== null)?.wanted
  return (
    <tr>
      <th scope="row" className="muted" title={wanted && `wanted: ${wanted}`}>
        {first ? (
          PROMPT_KINDS[row.kind]
        ) : (
          <span className="hidden-text">{PROMPT_KINDS[row.kind]}</span>
        )}
      </th>
      <td className="wrap">
        {row.prompt}{' '}
        <small className="mono muted">
          {row.target?.trim()}
          {row.truth && `, true ${row.truth.trim()}`}
        </small>
      </td>
      {row.byArm.map((one, index) => (
        <PromptCell key={index} one={one} />
      ))}
    </tr>
  )
}

export function CasePrompts({ arms }: ArmsProps) {
  const rows = promptRows(arms)
  if (rows.length === 0) return <p className="muted">No prompt was measured.</p>
  return (
    <div className="table-scroll" role="region" aria-label="Prompts of the case" tabIndex={0}>
      <table className="case-prompts">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Prompt</th>
            {arms.map(({ arm }) => (
              <th key={arm.id} scope="col" className="mono">
                {arm.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <PromptLine key={index} row={row} first={rows[index - 1]?.kind !== row.kind} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Changed({ before, after }: { readonly before: string; readonly after: string }) {
  return diffTexts(before, after).after.map((part, index) =>
    part.changed ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
  )
}

/** Words that differ from the unedited text are marked. */
export function CaseContinuations({ arms }: ArmsProps) {
  const rows = continuationRows(arms)
  if (rows.length === 0) return null
  return (
    <section className="case-texts">
      <h3>Generated texts</h3>
      {rows.map((row, index) => (
        <div key={index} className="case-text">
          <p className="mono muted">{row.prompt}</p>
          <div className="case-text-columns">
            <div>
              <h4>unedited</h4>
              <p>{row.before}</p>
            </div>
            {row.byArm.map((text, place) => (
              <div key={place}>
                <h4 className="mono">{arms[place]?.arm.label}</h4>
                <p>{text === null ? '–' : <Changed before={row.before} after={text} />}</p>
              </div>
            ))}
          </div>
        </div>
      ))}
    </section>
  )
}
