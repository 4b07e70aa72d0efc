import type { CreateInferenceComponentInput, DescribeInferenceComponentOutput } from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { Step, StepOptions } from '../step.ts'

export interface InferenceComponentOptions extends StepOptions {
  readonly arguments: Args<CreateInferenceComponentInput>
}

export type InferenceComponentStep = Step<Ref<DescribeInferenceComponentOutput>>

/**
 * A step that makes an inference component on an endpoint.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
 */
export const inferenceComponentStep = (name: string, options: InferenceComponentOptions): InferenceComponentStep =>
  requestStep('InferenceComponent', name, options)
