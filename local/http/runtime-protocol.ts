import type { IncomingMessage, ServerResponse } from 'node:http'
import { type EndpointHost, ModelError } from '../jobs/endpoint-host.ts'
import { ServiceError } from '../service-error.ts'
import { readBody } from './read-body.ts'

/** Source: SageMaker Runtime API reference, InvokeEndpoint: at most 25 MB. */
const bodyLimitBytes = 25 * 1024 * 1024

/** The endpoint of `POST /endpoints/<name>/invocations`; undefined for any other request. */
export function invokedEndpoint(method: string | undefined, url: string): string | undefined {
  // No query: every POST of S3 to an object has one.
  return method === 'POST' ? /^\/endpoints\/([a-zA-Z0-9-]{1,63})\/invocations$/.exec(url)?.[1] : undefined
}

/** Answers SageMaker Runtime's InvokeEndpoint. It does not throw: a refusal and a defect are answers. */
export async function answerInvocation(
  host: Pick<EndpointHost, 'invoke'>,
  log: (line: string) => void,
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: string,
): Promise<void> {
  const header = (name: string): string | undefined => request.headers[name] as string | undefined
  try {
    const answer = await host.invoke({
      endpoint,
      variant: header('x-amzn-sagemaker-target-variant'),
      component: header('x-amzn-sagemaker-inference-component'),
      contentType: header('content-type'),
      accept: header('accept'),
      customAttributes: header('x-amzn-sagemaker-custom-attributes'),
      body: await readBody(request, bodyLimitBytes),
    })
    response.writeHead(200, {
      'content-type': answer.contentType,
      'content-length': answer.body.byteLength,
      'x-amzn-invoked-production-variant': answer.variant,
    })
    response.end(answer.body)
  } catch (error) {
    if (request.destroyed && !request.complete) return
    refuse(error, log, response, endpoint)
  }
}

function refuse(error: unknown, log: (line: string) => void, response: ServerResponse, endpoint: string): void {
  const refusal =
    error instanceof ServiceError
      ? error
      : new ServiceError(
          'InternalFailure',
          'The local SageMaker failed because of a defect of its own; its log has the stack.',
          500,
        )
  if (refusal !== error)
    log(`InvokeEndpoint ${endpoint}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  const body = JSON.stringify({
    // The model spells the member `Message`; clients read either.
    Message: refusal.message,
    message: refusal.message,
    ...(refusal instanceof ModelError && {
      OriginalMessage: refusal.originalMessage,
      OriginalStatusCode: refusal.originalStatus,
      LogStreamArn: '',
    }),
  })
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-ErrorType': refusal.code,
  })
  response.end(body)
}
