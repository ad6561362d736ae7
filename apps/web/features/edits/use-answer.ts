// One question at a time: while one is being answered, only the newest of those that came after it waits.
import { useEffect, useRef, useState } from 'react'
import type { Complaint } from './complaint'
import type { Asked, TaskProgress } from './follow-task'

export interface Answering<T> {
  /** The last answer; that of an older question while the newer one is computed. */
  readonly task: T | null
  readonly complaint: Complaint | null
  readonly progress: TaskProgress | null
  readonly busy: boolean
  /** Whether `task` or `complaint` belong to the question asked now. */
  readonly fresh: boolean
}

interface State<T> {
  readonly task: T | null
  readonly complaint: Complaint | null
  readonly answered: string | null
}

/** `question`: a text that is equal for equal questions; null asks nothing. */
export function useAnswer<T>(
  question: string | null,
  ask: (onProgress: (progress: TaskProgress) => void) => Promise<Asked<T>>,
): Answering<T> {
  const [state, setState] = useState<State<T>>({ task: null, complaint: null, answered: null })
  const [asking, setAsking] = useState<string | null>(null)
  const [progress, setProgress] = useState<TaskProgress | null>(null)
  const latest = useRef(ask)
  const gone = useRef(false)
  useEffect(() => {
    latest.current = ask
  })
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])
  useEffect(() => {
    if (question === null || asking !== null || state.answered === question) return
    const run = async () => {
      setAsking(question)
      const asked = await latest.current((next) => !gone.current && setProgress(next))
      if (gone.current) return
      setState((current) =>
        asked.kind === 'ended'
          ? { task: asked.task, complaint: null, answered: question }
          : { ...current, complaint: asked.complaint, answered: question },
      )
      setProgress(null)
      setAsking(null)
    }
    void run()
  }, [question, asking, state.answered])
  const fresh = question !== null && state.answered === question
  return {
    task: state.task,
    complaint: fresh ? state.complaint : null,
    progress,
    busy: question !== null && !fresh,
    fresh,
  }
}
