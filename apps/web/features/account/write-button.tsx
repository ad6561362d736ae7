'use client'
// A button that changes something: for those who may not it stands there, says why, and does nothing.
import type { ComponentProps } from 'react'
import type { Action } from '../../graphql/generated/graphql'
import { useRefusal } from './me'

interface WriteButtonProps extends ComponentProps<'button'> {
  readonly needs?: Action
  /** What it does, as in "Sign in to run". */
  readonly verb?: string
}

export function WriteButton({
  needs = 'COMPUTE',
  verb,
  disabled,
  title,
  ...rest
}: WriteButtonProps) {
  const refusal = useRefusal(needs, verb)
  return (
    <button
      {...rest}
      disabled={disabled || refusal !== null}
      title={refusal ?? title}
      data-refused={refusal === null ? undefined : true}
    />
  )
}
