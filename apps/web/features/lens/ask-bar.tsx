'use client'
// The question: which model, which prompt, which target. Enter runs it.
import { useRef, useState, type KeyboardEvent } from 'react'
import { TARGET_MODES } from './matrix-names'
import { MoreChoices } from './more-choices'
import { Suggestions, type Fact } from './suggestions'
import { TokenField } from './token-field'
import type { Asking } from './use-asking'
import { TargetNotice } from './target-notice'
import { WriteButton } from '../account/write-button'

function ModelField({ asking }: { readonly asking: Asking }) {
  const chosen = asking.models.find((model) => model.id === asking.question.modelId)
  return (
    <div className="ask-field model">
      <label htmlFor="ask-model">Model</label>
      <div className="field">
        <select
          id="ask-model"
          value={asking.question.modelId ?? ''}
          onChange={(event) => asking.change({ model: event.target.value })}
        >
          {asking.models.length === 0 && <option value="">…</option>}
          {asking.modelMissing && (
            <option value={asking.question.modelId ?? ''}>no such model</option>
          )}
          {asking.models.map((model) => (
            <option key={model.id} value={model.id} disabled={!model.available}>
              {model.name}
              {model.available ? '' : ' (not available)'}
            </option>
          ))}
        </select>
        <span className="count">{chosen ? `${chosen.layers} layers` : ''}</span>
      </div>
    </div>
  )
}

function PromptField({
  asking,
  onKeyDown,
}: {
  readonly asking: Asking
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void
}) {
  const [open, setOpen] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const choose = (fact: Fact) => {
    asking.change({ prompt: fact.prompt, target: fact.object.trim(), promptId: null })
    setOpen(false)
    field.current?.focus()
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const first = box.current?.querySelector<HTMLButtonElement>('.suggestions button')
    if (event.key === 'ArrowDown' && first) {
      event.preventDefault()
      first.focus()
    } else if (event.key === 'Escape') setOpen(false)
    else onKeyDown(event)
  }
  const leave = () => {
    setOpen(false)
    field.current?.focus()
  }
  return (
    <div
      className="prompt-box"
      ref={box}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <TokenField
        label="Prompt"
        className="prompt"
        value={asking.question.prompt}
        onChange={(prompt) => {
          asking.change({ prompt })
          setOpen(true)
        }}
        live={asking.promptTokens}
        placeholder="The capital of France is"
        inputRef={field}
        onKeyDown={keys}
        onFocus={() => setOpen(true)}
      />
      {open && (
        <Suggestions
          modelId={asking.question.modelId}
          search={asking.question.prompt}
          onChoose={choose}
          onLeave={leave}
        />
      )}
    </div>
  )
}

export function AskBar({ asking }: { readonly asking: Asking }) {
  const runOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    asking.submit()
  }
  return (
    <form
      className="ask"
      aria-label="Ask"
      onSubmit={(event) => {
        event.preventDefault()
        asking.submit()
      }}
    >
      <ModelField asking={asking} />
      <PromptField asking={asking} onKeyDown={runOnEnter} />
      <TokenField
        label="Target"
        className="target"
        value={asking.question.target}
        onChange={(target) => asking.change({ target })}
        live={asking.targetTokens}
        placeholder="Berlin"
        onKeyDown={runOnEnter}
      />
      <MoreChoices asking={asking} />
      <WriteButton
        verb="save prompts"
        type="button"
        className="button"
        title="Keep this prompt and target under Prompts"
        onClick={asking.save}
        disabled={asking.saving}
      >
        {asking.saved ? 'Saved' : 'Save'}
      </WriteButton>
      <WriteButton
        verb="run"
        type="submit"
        className="button primary"
        disabled={asking.busy}
        data-testid="run-button"
      >
        Run <span aria-hidden>⏎</span>
      </WriteButton>
      <TargetNotice asking={asking} modes={TARGET_MODES} />
    </form>
  )
}
