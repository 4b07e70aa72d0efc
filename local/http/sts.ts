import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../service-error.ts'
import { readBody } from './read-body.ts'

const formType = 'application/x-www-form-urlencoded'
const account = '000000000000'

/** True for a request in the query protocol of STS. */
export function isQueryProtocol(request: IncomingMessage, query: URLSearchParams): boolean {
  if (query.has('Action')) return true
  return request.method === 'POST' && (request.headers['content-type'] ?? '').startsWith(formType)
}

/** Answers GetCallerIdentity, which clients ask to learn their account, in XML. */
export async function answerSts(request: IncomingMessage, query: URLSearchParams, requestId: string): Promise<string> {
  const form = new URLSearchParams((await readBody(request, 64 * 1024)).toString())
  const action = form.get('Action') ?? query.get('Action') ?? ''
  if (action !== 'GetCallerIdentity') {
    throw new ServiceError(
      'InvalidAction',
      `Could not find operation ${action}. The local SageMaker answers GetCallerIdentity.`,
    )
  }
  const arn = `arn:aws:sts::${account}:assumed-role/foldwise-local/local`
  return `<?xml version="1.0" encoding="UTF-8"?>
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AROALOCAL:local</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
}

/** A refusal in the query protocol's form. */
export function stsError(code: string, message: string, requestId: string): string {
  const text = message.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
}
