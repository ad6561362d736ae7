// Scales a neuron: makes the edit, waits until it is computed, and runs a prompt under it.
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useClient, type Client } from 'urql'
import {
  ScaledEditStateDocument,
  ScaleNeuronDocument,
  StartLensRunDocument,
  type ScaleNeuronInput,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { isLive } from '../../edits/edit-words'

const LOOK_MS = 400

export type ScalingStage = 'asking' | 'computing' | 'opening'

interface Prompt {
  readonly text: string
  readonly target: string
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const failed = (message: string): Complaint => ({ message })

/** Waits for the edit; what went wrong, else null. */
async function computed(
  client: Client,
  editId: string,
  isGone: () => boolean,
): Promise<Complaint | null> {
  for (;;) {
    const { data, error } = await client
      .query(ScaledEditStateDocument, { id: editId }, { requestPolicy: 'network-only' })
      .toPromise()
    const task = data?.edit?.task
    if (task?.state === 'DONE') return null
    if (task && !isLive(task.state)) return task.error ?? failed('The edit was cancelled.')
    if (data && !data.edit) return failed('The edit was deleted.')
    if (isGone()) return failed('The page was left.')
    if (error && !error.networkError) return complaintOf(error, undefined)
    await pause(LOOK_MS)
  }
}

/** The id of the edit, or what was refused. */
async function make(client: Client, input: ScaleNeuronInput): Promise<string | Complaint> {
  const { data, error } = await client.mutation(ScaleNeuronDocument, { input }).toPromise()
  const refused = complaintOf(error, data?.scaleNeuron.errors)
  return refused ?? data?.scaleNeuron.edit?.id ?? failed('No edit was made.')
}

export function useScaling() {
  const client = useClient()
  const router = useRouter()
  const [stage, setStage] = useState<ScalingStage | null>(null)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const open = async (editId: string, modelId: string, prompt: Prompt) => {
    const input = {
      modelId,
      promptText: prompt.text,
      targetText: prompt.target,
      editIds: [editId],
    }
    const { data, error } = await client.mutation(StartLensRunDocument, { input }).toPromise()
    const refused = complaintOf(error, data?.createLensRun.errors)
    const run = data?.createLensRun.run
    if (run && !gone.current) router.push(`/lens?run=${run.id}`)
    return refused
  }

  const scale = async (input: ScaleNeuronInput, prompt: Prompt) => {
    setComplaint(null)
    setStage('asking')
    const made = await make(client, input)
    let refused = typeof made === 'string' ? null : made
    if (typeof made === 'string') {
      setStage('computing')
      refused = await computed(client, made, () => gone.current)
      if (!refused) {
        setStage('opening')
        refused = await open(made, String(input.modelId), prompt)
      }
    }
    setComplaint(refused)
    if (refused) setStage(null)
  }
  return { stage, complaint, scale }
}
