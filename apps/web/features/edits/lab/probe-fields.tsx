'use client'
// What the edit is measured with: the answer before it, paraphrases, neighbors, prompts to continue.
import type { LabView } from './lab-view'
import type { ChangeLab } from './use-lab-view'

interface LinesProps {
  readonly title: string
  readonly help: string
  readonly example: string
  readonly lines: readonly string[]
  readonly onChange: (lines: readonly string[]) => void
}

function Lines({ title, help, example, lines, onChange }: LinesProps) {
  const set = (index: number, text: string) =>
    onChange(lines.map((line, at) => (at === index ? text : line)))
  return (
    <fieldset className="lab-lines">
      <legend>{title}</legend>
      <p className="lab-help">{help}</p>
      {lines.map((line, index) => (
        <div key={index} className="lab-line">
          <input
            className="input mono"
            aria-label={`${title} ${index + 1}`}
            value={line}
            placeholder={example}
            onChange={(event) => set(index, event.target.value)}
          />
          <button
            type="button"
            className="icon"
            aria-label={`Remove ${title.toLowerCase()} ${index + 1}`}
            onClick={() => onChange(lines.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" className="link" onClick={() => onChange([...lines, ''])}>
        Add one
      </button>
    </fieldset>
  )
}

type Neighbors = LabView['neighbors']

function NeighborLines({
  neighbors,
  onChange,
}: {
  readonly neighbors: Neighbors
  readonly onChange: (neighbors: Neighbors) => void
}) {
  const set = (index: number, part: Partial<Neighbors[number]>) =>
    onChange(neighbors.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <fieldset className="lab-lines">
      <legend>Neighbors</legend>
      <p className="lab-help">Prompts that shall stay as they are, and their right answers.</p>
      {neighbors.map(({ prompt, target }, index) => (
        <div key={index} className="lab-line">
          <input
            className="input mono"
            aria-label={`Neighbor ${index + 1}`}
            value={prompt}
            placeholder="The capital of Spain is"
            onChange={(event) => set(index, { prompt: event.target.value })}
          />
          <input
            className="input mono short"
            aria-label={`Answer of neighbor ${index + 1}`}
            value={target}
            placeholder="Madrid"
            onChange={(event) => set(index, { target: event.target.value })}
          />
          <button
            type="button"
            className="icon"
            aria-label={`Remove neighbor ${index + 1}`}
            onClick={() => onChange(neighbors.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        className="link"
        onClick={() => onChange([...neighbors, { prompt: '', target: '' }])}
      >
        Add one
      </button>
    </fieldset>
  )
}

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

export function ProbeFields({
  view,
  change,
}: {
  readonly view: LabView
  readonly change: ChangeLab
}) {
  const { paraphrases, neighbors, generationPrompts, truth } = view
  const counts = [
    many(paraphrases.length, 'paraphrase'),
    many(neighbors.length, 'neighbor'),
    many(generationPrompts.length, 'continuation'),
  ]
  return (
    <details className="lab-probes">
      <summary>
        Measured with <span className="muted">{counts.join(', ')}</span>
      </summary>
      <label className="lab-truth">
        The answer before the edit
        <input
          className="input mono"
          value={truth}
          placeholder="Paris"
          onChange={(event) => change((now) => ({ ...now, truth: event.target.value }))}
        />
      </label>
      <Lines
        title="Paraphrases"
        help="Other ways to ask the fact: the edit shall reach them."
        example="France’s capital city is"
        lines={paraphrases}
        onChange={(lines) => change((now) => ({ ...now, paraphrases: lines }))}
      />
      <NeighborLines
        neighbors={neighbors}
        onChange={(next) => change((now) => ({ ...now, neighbors: next }))}
      />
      <Lines
        title="Texts to continue"
        help="Written on before and after, side by side; the prompt itself when there is none."
        example="France is known for"
        lines={generationPrompts}
        onChange={(lines) => change((now) => ({ ...now, generationPrompts: lines }))}
      />
    </details>
  )
}
