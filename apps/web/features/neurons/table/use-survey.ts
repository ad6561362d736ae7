// The survey of a layer over its stored runs, followed while it is on its way.
import { useCallback, useEffect, useState } from 'react'
import { useMutation, useQuery, useSubscription } from 'urql'
import { onReconnected } from '../../../graphql/connection'
import {
  CancelNeuronSurveyDocument,
  NeuronSurveyDocument,
  NeuronSurveyProgressDocument,
  SurveyNeuronsDocument,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { isLive } from '../../edits/edit-words'

const POLL_MS = 4000

export function useSurvey(modelId: string, layer: number, onEnded: () => void) {
  const [{ data, error }, execute] = useQuery({
    query: NeuronSurveyDocument,
    variables: { modelId, layer },
    requestPolicy: 'cache-and-network',
  })
  const [asking, ask] = useMutation(SurveyNeuronsDocument)
  const [stopping, stop] = useMutation(CancelNeuronSurveyDocument)
  const [refused, setRefused] = useState<Complaint | null>(null)
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const found = data?.neuronSurvey ?? null
  const live = found !== null && isLive(found.state)
  const [{ data: pushed }] = useSubscription({
    query: NeuronSurveyProgressDocument,
    variables: { id: found?.id ?? '' },
    pause: !live,
  })
  const progress = pushed?.neuronSurveyProgress
  const newer =
    live && progress?.id === found.id && progress.progressVersion > found.progressVersion
  const survey = newer ? progress : found
  const [followed, setFollowed] = useState<string | null>(null)
  const running = survey !== null && isLive(survey.state)
  useEffect(() => {
    if (running) setFollowed(survey.id)
    else if (followed !== null) {
      setFollowed(null)
      reload()
      onEnded()
    }
  }, [running, survey?.id, followed, reload, onEnded])
  useEffect(() => {
    if (!live) return
    const poll = setInterval(reload, POLL_MS)
    return () => clearInterval(poll)
  }, [live, reload])
  return {
    survey,
    running,
    known: data !== undefined,
    error,
    busy: asking.fetching || stopping.fetching,
    refused,
    start: async () => {
      const result = await ask({ input: { modelId, layer } })
      setRefused(complaintOf(result.error, result.data?.surveyNeurons.errors))
      reload()
    },
    cancel: async () => {
      if (!survey) return
      const result = await stop({ id: survey.id })
      setRefused(complaintOf(result.error, result.data?.cancelNeuronSurvey.errors))
      reload()
    },
  }
}

export type Survey = ReturnType<typeof useSurvey>
