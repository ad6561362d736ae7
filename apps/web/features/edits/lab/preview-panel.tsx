// The prediction: what the model says now, whether anything would change, what it costs, and what has to be made first.
import { Problem } from '../../../components/problem'
import { showDuration, showNumber } from '../../lens/numbers'
import { Token } from '../../lens/token'
import { showToken } from '../../lens/token-text'
import { showBytes } from '../../models/model-facts'
import { showChance } from '../chance'
import type { Answering } from '../use-answer'
import type { PreviewTask } from './use-preview'

type Preview = NonNullable<PreviewTask['preview']>

const MOST_TOKENS = 5

function Now({ preview }: { readonly preview: Preview }) {
  const { current } = preview
  return (
    <section>
      <h3>The model says now</h3>
      <ol className="bars now-bars" data-tone="written">
        {current.top.slice(0, MOST_TOKENS).map((token) => (
          <li key={token.id}>
            <i
              style={{ width: `calc((100% - 52px) * ${token.probability.toFixed(4)})` }}
              aria-hidden
            />
            <span className="mono">{showToken(token.text)}</span>
            <u>{showChance(token.probability)}</u>
          </li>
        ))}
      </ol>
      {current.targetProbability !== null && (
        <p className="muted">
          The target: {showChance(current.targetProbability)}
          {current.targetRank !== null && <>, number {current.targetRank + 1} in rank</>}
        </p>
      )}
    </section>
  )
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${showNumber(value, 3)}`

function Prediction({ preview }: { readonly preview: Preview }) {
  return (
    <section>
      <h3>Predicted change of the target’s logit</h3>
      {preview.predictedLogitChange === null ? (
        <p className="muted">Not known before it is computed. {preview.predictionNote}</p>
      ) : (
        <>
          <p className="big-number">{signed(preview.predictedLogitChange)}</p>
          <p className="muted">{preview.predictionNote}</p>
        </>
      )}
    </section>
  )
}

function Cost({ preview }: { readonly preview: Preview }) {
  const rows: ReadonlyArray<readonly [string, string]> = [
    [
      'Time',
      preview.estimatedSeconds === null
        ? 'not known yet'
        : `about ${showDuration(preview.estimatedSeconds)}`,
    ],
    [
      'Memory',
      preview.estimatedBytes === null
        ? 'not known yet'
        : `about ${showBytes(preview.estimatedBytes)}`,
    ],
    ['Prompt', `${preview.promptTokens} tokens`],
    ['Target', `${preview.targetTokens} ${preview.targetTokens === 1 ? 'token' : 'tokens'}`],
  ]
  return (
    <section>
      <h3>Cost</h3>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Subject</dt>
          <dd>
            {preview.subjectTokens.map((text, index) => (
              <Token key={index} text={text} />
            ))}
          </dd>
        </div>
        <div>
          <dt>Looked up at</dt>
          <dd>
            <Token text={preview.lookupToken} />
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Lists({ preview }: { readonly preview: Preview }) {
  return (
    <>
      {preview.missing.length > 0 && (
        <section>
          <h3>Made first</h3>
          <ul className="preview-list">
            {preview.missing.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      {preview.notes.length > 0 && (
        <ul className="preview-list muted">
          {preview.notes.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  )
}

interface PreviewPanelProps {
  readonly answering: Answering<PreviewTask>
  /** What has to be said first; null when the question is whole. */
  readonly missing: string | null
}

export function PreviewPanel({ answering, missing }: PreviewPanelProps) {
  const { task, complaint, busy, progress } = answering
  const preview = task?.preview
  return (
    <div
      className="preview"
      data-testid="preview"
      data-stale={busy || missing !== null || undefined}
      aria-busy={busy}
    >
      <p className="muted preview-state" aria-live="polite">
        {missing ?? (busy ? `Looking ahead: ${progress?.stage ?? 'asking'} …` : '')}
      </p>
      {missing === null && complaint && (
        <Problem title={complaint.message} message={complaint.cure} code={complaint.code} />
      )}
      {preview?.willSkip && missing === null && !complaint && (
        <div className="notice" data-testid="will-skip">
          <b>This would be skipped.</b> The model says {showToken(preview.currentAnswer)} already.
        </div>
      )}
      {preview && !complaint && (
        <>
          <Now preview={preview} />
          <Prediction preview={preview} />
          <Cost preview={preview} />
          <Lists preview={preview} />
        </>
      )}
    </div>
  )
}
