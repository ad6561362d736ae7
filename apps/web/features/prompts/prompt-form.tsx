'use client'
// A new prompt to keep.
import { useState } from 'react'
import { useMutation } from 'urql'
import { Problem } from '../../components/problem'
import { useHydrated } from '../../components/use-hydrated'
import { SavePromptDocument } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { parseTags } from './tags'

const EMPTY = { text: '', target: '', tags: '' }

const FIELDS = [
  {
    name: 'text',
    label: 'Prompt',
    example: 'The capital of France is',
    mono: true,
    className: 'grow',
  },
  { name: 'target', label: 'Target', example: 'Berlin', mono: true, className: '' },
  { name: 'tags', label: 'Tags', example: 'capital, europe', mono: false, className: '' },
] as const

export function PromptForm({ onSaved }: { readonly onSaved: () => void }) {
  const [fields, setFields] = useState(EMPTY)
  // What is typed before the page is alive would be lost.
  const alive = useHydrated()
  const [{ fetching, data, error }, save] = useMutation(SavePromptDocument)
  const refused =
    data?.savePrompt.errors[0] ??
    (error
      ? { message: error.graphQLErrors[0]?.message ?? 'The API does not answer.', cure: undefined }
      : null)
  const submit = async () => {
    const result = await save({
      input: {
        text: fields.text,
        target: fields.target.trim() || null,
        tags: parseTags(fields.tags),
      },
    })
    if (!result.data?.savePrompt.prompt) return
    setFields(EMPTY)
    onSaved()
  }
  return (
    <form
      className="card prompt-form"
      aria-label="New prompt"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {FIELDS.map((field) => (
        <label key={field.name} className={field.className}>
          {field.label}
          <input
            className={`input ${field.mono ? 'mono' : ''}`}
            value={fields[field.name]}
            readOnly={!alive}
            onChange={(event) => setFields({ ...fields, [field.name]: event.target.value })}
            placeholder={field.example}
            required={field.name === 'text'}
          />
        </label>
      ))}
      <WriteButton verb="save prompts" type="submit" className="button primary" disabled={fetching}>
        Save prompt
      </WriteButton>
      {refused && <Problem title={refused.message} cure={refused.cure} />}
    </form>
  )
}
