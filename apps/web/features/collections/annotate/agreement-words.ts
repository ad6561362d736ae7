// How far annotators agree, in words.
const BANDS: ReadonlyArray<readonly [least: number, word: string]> = [
  [0.8, 'almost perfect'],
  [0.6, 'substantial'],
  [0.4, 'moderate'],
  [0.2, 'fair'],
  [0, 'slight'],
]

/** Landis and Koch (1977); null says that nothing can be said. */
export function agreementWord(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'cannot be computed'
  if (value >= 0.9995) return 'perfect'
  return (
    BANDS.find(([least]) => value > least || (least > 0 && value === least))?.[1] ??
    'no better than chance'
  )
}

export const KAPPA_MEANING =
  "Cohen's kappa: how far two people give the same label beyond what chance alone would give. 1 is full agreement, 0 is chance."

export const ALPHA_MEANING =
  "Krippendorff's alpha over labels: the same for any number of people, and for items that not everybody annotated. Below 0.667 labels are usually not relied on."

export const EXACT_MEANING = 'Share of items on which both gave the same label.'

export const OVERLAP_MEANING =
  'Shared tags of both over all tags of either (Jaccard), mean over items.'
