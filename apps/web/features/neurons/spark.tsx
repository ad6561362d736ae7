// A histogram of activations as small bars: how often a neuron is how far from rest.
interface SparkProps {
  readonly bins: readonly number[]
  readonly width?: number
  readonly height?: number
}

export function Spark({ bins, width = 60, height = 18 }: SparkProps) {
  const top = Math.max(0, ...bins)
  if (top === 0) return <span className="faint">–</span>
  const step = width / bins.length
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Histogram of activations, ${bins.length} bins from least to most`}
    >
      {bins.map((count, place) => {
        // Square roots keep rare bins visible beside the many near zero.
        const tall = count > 0 ? Math.max(1, Math.sqrt(count / top) * height) : 0
        return (
          <rect
            key={place}
            x={place * step}
            y={height - tall}
            width={Math.max(1, step - 1)}
            height={tall}
          />
        )
      })}
    </svg>
  )
}
