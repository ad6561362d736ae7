'use client'
// Which model, and which of its layers: the layers are all in view; left and right move between them.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { Choice } from '../../components/choice'
import { layerAddress } from './neuron-address'

export interface NeuronModel {
  readonly id: string
  readonly name: string
  readonly available: boolean
  readonly layers: number
}

interface LayerChoiceProps {
  readonly models: readonly NeuronModel[]
  readonly model: NeuronModel
  readonly layer: number
  /** Choices of the table that stay, as the query of an address. */
  readonly query: string
}

export function LayerChoice({ models, model, layer, query }: LayerChoiceProps) {
  const router = useRouter()
  const here = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [layer])
  const address = (id: string, to: number) => `${layerAddress(id, to)}${query ? `?${query}` : ''}`
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const to = layer + step
    if (step === 0 || to < 0 || to >= model.layers) return
    event.preventDefault()
    router.push(address(model.id, to))
  }
  return (
    <div className="bar layer-choice">
      <Choice
        caption="Model"
        value={model.id}
        options={models.map(({ id, name, available }) => ({
          value: id,
          label: name,
          disabled: !available,
        }))}
        onChange={(id) => router.push(address(id, 0))}
      />
      <nav aria-label="Layers" onKeyDown={onKeyDown}>
        <span className="muted">Layer</span>
        <span className="layers" role="list" tabIndex={model.layers > 24 ? 0 : undefined}>
          {Array.from({ length: model.layers }, (_, place) => (
            <span key={place} role="listitem">
              <Link
                ref={place === layer ? here : undefined}
                href={address(model.id, place)}
                prefetch={false}
                aria-current={place === layer ? 'page' : undefined}
                data-testid={`layer-${place}`}
              >
                {place}
              </Link>
            </span>
          ))}
        </span>
      </nav>
    </div>
  )
}
