import type { IncomingMessage, ServerResponse } from 'node:http'
import { isUserError } from '../../schemas/problem.ts'
import { checkShape } from '../../schemas/service-model/check-shape.ts'
import { serviceMessage } from '../../schemas/service-model/service-message.ts'
import { serviceModel } from '../../schemas/service-model/service-model.ts'
import type { CallContext, OperationTable } from '../contract.ts'
import { ServiceError } from '../service-error.ts'
import { parseJsonObject, readBody } from './read-body.ts'
import { fromWire, toWire } from './wire-values.ts'

/** A definition has at most 1 MiB, and JSON text inside JSON can take six bytes for one. */
const requestLimitBytes = 8 * 1024 * 1024

const targetPrefix = 'SageMaker.'
const contentType = 'application/x-amz-json-1.1'

/** What is passed in to answer the SageMaker API. */
export interface SageMakerApi {
  readonly operations: OperationTable
  /** Takes a line about a defect of ours, with its stack. */
  readonly log: (line: string) => void
}

/** Answers one request in AWS's JSON 1.1 protocol. It does not throw: a refusal and a defect are answers. */
export async function answerSageMaker(
  api: SageMakerApi,
  request: IncomingMessage,
  response: ServerResponse,
  context: CallContext,
): Promise<void> {
  let status = 200
  let body: object
  try {
    body = await callOperation(api, request, context)
  } catch (error) {
    // Nobody is left to answer.
    if (request.destroyed && !request.complete) return
    const refusal = refusalOf(error, api.log, String(request.headers['x-amz-target']))
    status = refusal.status
    // Shapes of the model spell the member `Message`, others `message`; clients read either.
    body = { __type: refusal.code, message: refusal.message, Message: refusal.message }
    response.setHeader('x-amzn-ErrorType', refusal.code)
  }
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': contentType, 'content-length': text.byteLength })
  response.end(text)
}

async function callOperation(api: SageMakerApi, request: IncomingMessage, context: CallContext): Promise<object> {
  const target = String(request.headers['x-amz-target'])
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : ''
  const handler = Object.hasOwn(api.operations, name) ? api.operations[name] : undefined
  if (handler === undefined) {
    throw new ServiceError(
      'UnknownOperationException',
      `The local SageMaker has no operation ${JSON.stringify(target)}.`,
    )
  }
  const json = parseJsonObject(await readBody(request, requestLimitBytes))
  const operation = Object.hasOwn(serviceModel.operations, name) ? serviceModel.operations[name] : undefined
  const input = operation?.input === undefined ? json : readInput(operation.input, json)
  // The table's handlers each take the input of their own operation, which has just been checked.
  const output = await handler(input as never, context)
  return operation?.output === undefined ? output : (toWire(operation.output, output) as object)
}

/** The request in the operations' form, or a refusal in the service's words. Unknown members are ignored, as the service does. */
function readInput(shapeName: string, json: unknown): unknown {
  const findings = checkShape(json, shapeName, { nullIsAbsent: true })
  const known = findings.filter(finding => finding.kind !== 'unknown' && finding.kind !== 'unknown-more')
  if (known.length > 0) throw new ServiceError('ValidationException', serviceMessage(known))
  return fromWire(shapeName, json)
}

function refusalOf(error: unknown, log: (line: string) => void, target: string): ServiceError {
  if (error instanceof ServiceError) return error
  if (isUserError(error)) return new ServiceError('ValidationException', error.message)
  log(`${target}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new ServiceError(
    'InternalFailure',
    'The local SageMaker failed because of a defect of its own; its log has the stack. Please report it.',
    500,
  )
}
