'use client'
// Below the question: a target of several tokens asks which of them to score; mistakes and a missing model say what to do.
import { Problem } from '../../components/problem'
import { Segmented } from '../../components/segmented'
import type { TargetMode } from '../../graphql/generated/graphql'
import { MISSING_TEXT } from './ask-model'
import type { TARGET_MODES } from './matrix-names'
import { showToken } from './token-text'
import type { Asking } from './use-asking'

interface TargetNoticeProps {
  readonly asking: Asking
  readonly modes: typeof TARGET_MODES
}

export function TargetNotice({ asking, modes }: TargetNoticeProps) {
  const tokens = asking.targetTokens.tokens
  const several = tokens !== null && tokens.count > 1
  return (
    <>
      {asking.complaint && (
        <div className="ask-note">
          <Problem
            title={asking.complaint.message}
            cure={asking.complaint.cure}
            code={asking.complaint.code}
          />
        </div>
      )}
      {asking.modelMissing && !asking.complaint && (
        <p className="ask-note notice" role="status" data-testid="model-missing">
          {MISSING_TEXT['other model']}
        </p>
      )}
      {several && (
        <div className="ask-note notice" role="status" data-testid="target-notice">
          <span>
            The target is {tokens.count} tokens:{' '}
            {tokens.tokens.map((token, index) => (
              <b key={index} className="mono chip">
                {showToken(token.text)}
              </b>
            ))}
            Score the
          </span>
          <Segmented<TargetMode>
            label="Which target tokens to score"
            value={asking.question.mode}
            onChange={(mode) => asking.change({ mode })}
            segments={(Object.keys(modes) as TargetMode[]).map((mode) => ({
              value: mode,
              label: modes[mode].label,
              title: modes[mode].meaning,
            }))}
          />
        </div>
      )}
    </>
  )
}
