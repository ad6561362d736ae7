// What a builder of a figure gets and gives.
import type { FigureData, NamedObservations } from '../figure-data.js'
import type { PromptObservation } from '../prompt-observation.js'

export type ObservationSet = NamedObservations<PromptObservation>

/** A figure without its place in the paper; `prompts` where it is made of fewer than were observed. */
export type FigureBody = Omit<
  FigureData,
  'kind' | 'number' | 'title' | 'caption' | 'lookFor' | 'prompts' | 'level'
> &
  Partial<Pick<FigureData, 'prompts'>>
