// A metric chosen by its name.
import { Choice } from '../../../components/choice'
import type { Column } from '../comparison-model'

interface MetricChoiceProps {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly value: string
  readonly onChange: (name: string) => void
}

export function MetricChoice({ caption, columns, value, onChange }: MetricChoiceProps) {
  return (
    <Choice
      caption={caption}
      value={value}
      options={columns.map(({ name, label }) => ({ value: name, label }))}
      onChange={onChange}
    />
  )
}
