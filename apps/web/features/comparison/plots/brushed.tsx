// The rectangle that is being pulled.
import type { Box } from './brush-model'

export function Brushed({ pulled }: { readonly pulled: Box | null }) {
  if (!pulled) return null
  const { left, right, top, bottom } = pulled
  return <rect className="brush" x={left} y={top} width={right - left} height={bottom - top} />
}
