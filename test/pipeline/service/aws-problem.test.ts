import { afterEach, describe, expect, it } from 'vitest'
import { createClients, describePipeline, explainAwsError, listPipelines } from '../../../pipeline/service/index.ts'
import { isUserError } from '../../../schemas/problem.ts'
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts'

let stub: AwsStub | undefined
afterEach(async () => {
  await stub?.close()
  stub = undefined
})

async function sentenceFor(refuse: string, message: string): Promise<string> {
  stub = await startAwsStub({ ListPipelines: () => ({ refuse, message }) })
  const clients = await createClients({ local: stub.endpoint })
  const error = await listPipelines(clients).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  clients.close()
  expect(isUserError(error)).toBe(true)
  return (error as Error).message
}

describe('what AWS refuses becomes one sentence', () => {
  it.each([
    ['AccessDeniedException', 'User: arn:aws:iam::1:user/u is not authorized', /not allowed.*not authorized.*policy/],
    ['ExpiredTokenException', 'The security token included in the request is expired', /expired.*sign in again/],
    ['UnrecognizedClientException', 'The security token is invalid', /not valid.*--profile/],
    [
      'ValidationException',
      '1 validation error detected: Value at pipelineName',
      /refused with ValidationException: 1 valid/,
    ],
  ])('%s', async (name, message, sentence) => {
    const text = await sentenceFor(name, message)
    expect(text).toMatch(sentence)
    expect(text).not.toContain('\n')
  })

  it('names the endpoint of a local SageMaker that does not answer', async () => {
    const clients = await createClients({ local: 'http://127.0.0.1:9' })
    await expect(describePipeline(clients, 'Iris')).rejects.toThrow(
      /local SageMaker at http:\/\/127\.0\.0\.1:9.*ECONNREFUSED/,
    )
    clients.close()
  })

  it('leaves a defect of ours as it is', () => {
    const defect = new TypeError('x is not a function')
    expect(explainAwsError(defect, {}, 'SageMaker ListPipelines')).toBe(defect)
  })
})
