'use client'
// A text in Markdown. Its code comes when the first text is about to be shown.
import { useEffect, useState } from 'react'

type Render = (text: string, handles: readonly string[]) => string

let loaded: Render | null = null
let loading: Promise<void> | null = null
let failed = false

function load(): Promise<void> {
  loading ??= import('./markdown').then(
    ({ renderMarkdown }) => {
      loaded = renderMarkdown
    },
    () => {
      failed = true
    },
  )
  return loading
}

/** Whether texts can be shown in their final form: lists wait for it, so that nothing moves. */
export function useMarkdownReady(): boolean {
  const [ready, setReady] = useState(loaded !== null || failed)
  useEffect(() => {
    if (ready) return
    let gone = false
    void load().then(() => !gone && setReady(true))
    return () => {
      gone = true
    }
  }, [ready])
  return ready
}

interface MarkdownTextProps {
  readonly text: string
  readonly handles?: readonly string[]
}

const NOBODY: readonly string[] = []

export function MarkdownText({ text, handles = NOBODY }: MarkdownTextProps) {
  useMarkdownReady()
  if (!loaded) return <div className="markdown plain">{text}</div>
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: loaded(text, handles) }} />
}
