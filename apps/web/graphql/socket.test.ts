import { expect, it, vi } from 'vitest'
import { onRightsChanged } from './connection'
import { noticeClosing } from './socket'

it('asks anew who looks when the API closes a socket for lost rights, and for nothing else', () => {
  const asked = vi.fn()
  const forget = onRightsChanged(asked)
  for (const code of [1000, 1001, 1006, 1013, 4408]) noticeClosing({ code, reason: '' })
  noticeClosing(new Error('gone'))
  expect(asked).not.toHaveBeenCalled()
  noticeClosing({ code: 4403, reason: 'Forbidden' })
  expect(asked).toHaveBeenCalledTimes(1)
  forget()
  noticeClosing({ code: 4403, reason: 'Forbidden' })
  expect(asked).toHaveBeenCalledTimes(1)
})
