import type { CreateEndpointConfigInput, DescribeEndpointConfigOutput } from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { CacheableOptions, RetryableOptions, Step, StepOptions } from '../step.ts'

/** `CreateEndpointConfig` without what a pipeline refuses; without a name the service makes one. */
export type EndpointConfigArguments = Omit<
  CreateEndpointConfigInput,
  'EndpointConfigName' | 'DataCaptureConfig' | 'ExplainerConfig'
> &
  Partial<Pick<CreateEndpointConfigInput, 'EndpointConfigName'>>

export interface EndpointConfigOptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments: Args<EndpointConfigArguments>
}

export type EndpointConfigStep = Step<Ref<DescribeEndpointConfigOutput>>

/**
 * A step that makes an endpoint configuration.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
export const endpointConfigStep = (name: string, options: EndpointConfigOptions): EndpointConfigStep =>
  requestStep('EndpointConfig', name, options)
