'use client'
// Where the next run shall be computed: each choice with its device, or why it cannot be taken.
import { useId } from 'react'
import { useQuery } from 'urql'
import { DevicesDocument, type ProviderChoice } from '../../graphql/generated/graphql'
import { deviceOptions } from './device-facts'

interface DeviceChoiceProps {
  readonly value: ProviderChoice
  readonly onChange: (provider: ProviderChoice) => void
}

export function DeviceChoice({ value, onChange }: DeviceChoiceProps) {
  const name = useId()
  const [{ data }] = useQuery({
    query: DevicesDocument,
    requestPolicy: 'cache-and-network',
  })
  return (
    <fieldset className="device-choice">
      <legend>Compute on</legend>
      {deviceOptions(data?.server.devices ?? []).map((option) => (
        <label key={option.provider}>
          <input
            type="radio"
            name={name}
            checked={option.provider === value}
            disabled={option.refused}
            onChange={() => onChange(option.provider)}
          />
          <span>{option.label}</span>
          <small>{option.detail}</small>
        </label>
      ))}
    </fieldset>
  )
}
