// The paper's figures as the API speaks of them.
import { buildFigure, figureKinds } from '@imprint/lens-engine'
import type {
  FigureData,
  FigureKind,
  FigureKindInfo,
  ObservedPrompt,
  ObservePromptsTask,
} from '@imprint/lens-engine'

export { buildFigure, figureKinds }
export type { FigureData, FigureKind, FigureKindInfo, ObservedPrompt, ObservePromptsTask }
