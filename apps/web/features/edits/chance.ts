// A probability in percent, small ones too.
import { showNumber } from '../lens/numbers'

export function showChance(probability: number): string {
  const percent = probability * 100
  return percent !== 0 && percent < 0.05 ? `${showNumber(percent, 1)}%` : `${percent.toFixed(1)}%`
}
