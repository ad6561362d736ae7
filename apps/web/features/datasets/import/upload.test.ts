import { expect, it } from 'vitest'
import { complaintOfAnswer } from './upload'

it('says what the server said, whatever form it has', () => {
  const said = { code: 'UPLOAD_TOO_LARGE', message: 'Too large.', cure: 'Use a path.' }
  expect(complaintOfAnswer(413, said)).toEqual(said)
  expect(complaintOfAnswer(413, { error: said })).toEqual(said)
  const { message, ...extensions } = said
  expect(complaintOfAnswer(413, { errors: [{ message, extensions }] })).toEqual(said)
})

it('says the status when the answer says nothing', () => {
  expect(complaintOfAnswer(502, null).message).toContain('502')
  expect(complaintOfAnswer(502, {}).cure).toBeTruthy()
})
