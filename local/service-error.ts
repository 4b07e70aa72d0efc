/**
 * A refusal with the service's own code and text; the HTTP layer sends it as the service would.
 *
 * `code` is what AWS clients see as the exception's name, such as `ValidationException` or `ResourceNotFound`.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}
