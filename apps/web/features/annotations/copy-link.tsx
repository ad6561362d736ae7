'use client'
// Copies the address of this page, with all that it holds at that moment.
import { useEffect, useState } from 'react'
import { CopyText } from '../../components/copy-text'

export function CopyLink() {
  const [address, setAddress] = useState('')
  const read = () => setAddress(window.location.href)
  useEffect(read, [])
  return (
    <span onPointerEnter={read} onFocusCapture={read}>
      <CopyText text={address} label="Copy link" />
    </span>
  )
}
