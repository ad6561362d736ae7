'use client'
// Where a model comes from and what to call it: one field that understands the hub, a directory and a GGUF file.
import { useId, useRef, useState, type Ref, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { CopyText } from '../../components/copy-text'
import { useHydrated } from '../../components/use-hydrated'
import { AddModelDocument } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { KINDS } from './import-facts'
import { useSourceCheck, type SourceCheck } from './use-source-check'

const EXAMPLES: ReadonlyArray<readonly [text: string, meaning: string]> = [
  ['hf:openai-community/gpt2', 'a repository of the hub'],
  ['hf:owner/name@revision:file.gguf', 'one file of it, at a branch, tag or commit'],
  ['/path/to/model', 'a directory with config.json and model.safetensors'],
  ['/path/to/model.gguf', 'a GGUF file'],
]

const COMMAND = 'npm run --silent lens -- models add hf:openai-community/gpt2'

interface Refusal {
  readonly message: string
  readonly cure?: string | undefined
  readonly field?: string | null | undefined
}

/** One line under the fields: what the source is, or what is wrong with it. */
function Verdict({
  id,
  check,
  refusal,
}: {
  readonly id: string
  readonly check: SourceCheck | null
  readonly refusal: Refusal | null
}) {
  const wrong = refusal ?? check?.errors[0] ?? null
  return (
    <p id={id} className="source-verdict" aria-live="polite" data-wrong={wrong ? '' : undefined}>
      {wrong ? (
        <>
          <b>{wrong.message}</b> {wrong.cure}
        </>
      ) : check?.kind ? (
        <>
          {KINDS[check.kind]}, added as <b className="mono">{check.name}</b>.
        </>
      ) : (
        <>&nbsp;</>
      )}
    </p>
  )
}

function Examples({
  directories,
  onChoose,
}: {
  readonly directories: readonly string[] | null
  readonly onChoose: (text: string) => void
}) {
  const shown = directories?.length === 0 ? EXAMPLES.slice(0, 2) : EXAMPLES
  return (
    <div className="source-help">
      <ul>
        {shown.map(([text, meaning]) => (
          <li key={text}>
            <button type="button" className="chip mono" onClick={() => onChoose(text)}>
              {text}
            </button>{' '}
            <span className="muted">{meaning}</span>
          </li>
        ))}
      </ul>
      <p className="muted">
        Paths are read on the server
        {directories === null
          ? '.'
          : directories.length === 0
            ? '; it allows none (IMPRINT_MODEL_DIRECTORIES).'
            : `, below ${directories.join(' or ')}.`}{' '}
        A download goes on where it was interrupted. Pickled checkpoints are refused.
      </p>
      <div className="bar">
        <span className="muted">In a terminal:</span>
        <code className="command">{COMMAND}</code>
        <CopyText text={COMMAND} label="Copy" />
      </div>
    </div>
  )
}

function useAddModel(onAdded: () => void) {
  const [{ fetching }, add] = useMutation(AddModelDocument)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  /** Kept until something is typed, so that pressing twice adds once. */
  const request = useRef<string | null>(null)
  const forget = () => {
    request.current = null
    setRefusal(null)
  }
  const submit = async (source: string, name: string) => {
    request.current ??= `${Date.now()}-${Math.random().toString(36).slice(2)}`
    const input = { source, name: name.trim() || null, clientMutationId: request.current }
    const { data, error } = await add({ input })
    if (error) {
      return setRefusal({ message: error.graphQLErrors[0]?.message ?? 'The API does not answer.' })
    }
    setRefusal(data?.addModel.errors[0] ?? null)
    if (data?.addModel.modelImport) onAdded()
  }
  return { fetching, refusal, forget, submit }
}

interface SourceInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder: string
  readonly describedBy: string
  readonly wrong: boolean
  readonly required?: boolean
  readonly ref?: Ref<HTMLInputElement>
}

/** Names and addresses: nothing for a spelling checker. */
function SourceInput({ value, onChange, describedBy, wrong, ...rest }: SourceInputProps) {
  // What is typed before the page is alive would be lost.
  const alive = useHydrated()
  return (
    <input
      readOnly={!alive}
      className="input mono"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      aria-describedby={describedBy}
      aria-invalid={wrong || undefined}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
    />
  )
}

interface AddModelFormProps {
  /** Directories below which paths may be named; null for any. */
  readonly directories: readonly string[] | null
  readonly onAdded: () => void
}

export function AddModelForm({ directories, onAdded }: AddModelFormProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [{ source, name }, setFields] = useState({ source: '', name: '' })
  const check = useSourceCheck(source, name)
  const change = (fields: { source: string; name: string }) => {
    forget()
    setFields(fields)
  }
  const { fetching, refusal, forget, submit } = useAddModel(() => {
    change({ source: '', name: '' })
    onAdded()
  })
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void submit(source, name)
  }
  const wrong = refusal?.field ?? check?.errors[0]?.field ?? null
  return (
    <form className="card add-model" aria-label="Add a model" onSubmit={send}>
      <h2>Add a model</h2>
      <div className="add-fields">
        <label className="grow">
          From
          <SourceInput
            ref={field}
            value={source}
            onChange={(value) => change({ source: value, name })}
            placeholder="hf:owner/name, or a path on the server"
            describedBy={id}
            wrong={wrong === 'source'}
            required
          />
        </label>
        <label>
          Name
          <SourceInput
            value={name}
            onChange={(value) => change({ source, name: value })}
            placeholder={check?.name ?? 'its own'}
            describedBy={id}
            wrong={wrong === 'name'}
          />
        </label>
        <WriteButton verb="add models" type="submit" className="button primary" disabled={fetching}>
          Add model
        </WriteButton>
      </div>
      <Verdict id={id} check={check} refusal={refusal} />
      <Examples
        directories={directories}
        onChoose={(text) => {
          change({ source: text, name })
          field.current?.focus()
        }}
      />
    </form>
  )
}
