import { UserError } from '../../schemas/problem.ts'

/** What the SDK's errors carry beside the message. */
interface AwsError extends Error {
  readonly $fault?: 'client' | 'server'
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly code?: string
  readonly Code?: string
}

/** Who was asked, for the sentence. */
export interface Asked {
  /** Endpoint of the local SageMaker; undefined for AWS. */
  readonly local?: string | undefined
  readonly profile?: string | undefined
}

/** @param action Such as `SageMaker CreatePipeline`. */
type Explain = (error: AwsError, action: string, asked: Asked) => string

const howToSignIn =
  'pass --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run "aws sso login"; for this machine use --local'

const expired: Explain = (_, action) =>
  `AWS: the session that should do ${action} has expired — credentials must be current — sign in again, such as with "aws sso login".`
const unknownIdentity: Explain = (error, action) =>
  `AWS: ${action} was refused because the credentials are not valid (${error.message}) — they must belong to an existing identity — ${howToSignIn}.`
const denied: Explain = (error, action) =>
  `AWS: ${action} is not allowed (${error.message}) — the identity needs a policy that allows it — ask for the permission or use another --profile.`
const noCredentials: Explain = (error, action, { profile }) =>
  /sso|expired/i.test(error.message) && !/could not load credentials/i.test(error.message)
    ? `AWS: ${action} needs credentials, and the profile gives none (${error.message}) — sign in again, such as with "aws sso login".`
    : `AWS: no credentials were found for ${action}${profile === undefined ? '' : ` in profile "${profile}"`} — ${howToSignIn}.`
const slowDown: Explain = (error, action) =>
  `AWS: ${action} was throttled and retries did not help (${error.message}) — wait a moment and repeat the command.`

/** Error names that need more than the service's own words. */
const explanations: Readonly<Record<string, Explain>> = {
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  UnrecognizedClientException: unknownIdentity,
  InvalidClientTokenId: unknownIdentity,
  InvalidAccessKeyId: unknownIdentity,
  InvalidSignatureException: unknownIdentity,
  SignatureDoesNotMatch: unknownIdentity,
  AccessDenied: denied,
  AccessDeniedException: denied,
  ThrottlingException: slowDown,
  Throttling: slowDown,
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
])

/**
 * Runs a call and turns what AWS answers with into one sentence: credentials, permissions, network, refusals.
 * Everything else is our defect and goes on as it is.
 */
export async function explainingAws<T>(asked: Asked, action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw explainAwsError(error, asked, action)
  }
}

/** The {@link UserError} for an error of the AWS SDK; any other error unchanged. */
export function explainAwsError(error: unknown, asked: Asked, action: string): unknown {
  if (!(error instanceof Error)) return error
  const aws = error as AwsError
  const explain = Object.hasOwn(explanations, aws.name) ? explanations[aws.name] : undefined
  if (explain !== undefined) return new UserError(explain(aws, action, asked), { cause: error })
  if (networkCodes.has(aws.code ?? '') || aws.name === 'TimeoutError') {
    const place = asked.local === undefined ? 'AWS' : `the local SageMaker at ${asked.local}`
    const remedy =
      asked.local === undefined ? 'check the network, the region and any proxy' : 'is "foldwise serve" still running?'
    return new UserError(
      `${place} cannot be reached for ${action} (${aws.code ?? aws.name}: ${aws.message}) — ${remedy}`,
      {
        cause: error,
      },
    )
  }
  if (aws.$fault !== undefined && aws.$metadata?.httpStatusCode !== undefined) {
    return new UserError(`${action} was refused with ${aws.name}: ${aws.message}`, { cause: error })
  }
  return error
}

/** The service's name of an error, such as `ResourceNotFound`; undefined for an error that no service sent. */
export const awsErrorName = (error: unknown): string | undefined =>
  error instanceof Error && (error as AwsError).$fault !== undefined ? error.name : undefined
