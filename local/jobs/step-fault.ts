/** Names that a retry policy can catch. */
export type ExceptionType =
  | 'Step.SERVICE_FAULT'
  | 'Step.THROTTLING'
  | 'SageMaker.JOB_INTERNAL_ERROR'
  | 'SageMaker.CAPACITY_ERROR'
  | 'SageMaker.RESOURCE_LIMIT'

/** The job fails by its author's doing; the text follows `ClientError: ` in the job's FailureReason. */
export class ClientFault extends Error {
  override readonly name = 'ClientFault'
}

/** The service would refuse to create the job; the text is the API's message. */
export class CreateRefused extends Error {
  override readonly name = 'CreateRefused'
}
