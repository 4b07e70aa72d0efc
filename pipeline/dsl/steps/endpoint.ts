import type { CreateEndpointInput, DescribeEndpointOutput } from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { CacheableOptions, Step, StepOptions } from '../step.ts'

/** `CreateEndpoint` without what a pipeline refuses. */
export type EndpointArguments = Omit<CreateEndpointInput, 'DeploymentConfig'>

export interface EndpointOptions extends StepOptions, CacheableOptions {
  readonly arguments: Args<EndpointArguments>
}

export type EndpointStep = Step<Ref<DescribeEndpointOutput>>

/**
 * A step that makes an endpoint, or updates it when it exists.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 */
export const endpointStep = (name: string, options: EndpointOptions): EndpointStep =>
  requestStep('Endpoint', name, options)
