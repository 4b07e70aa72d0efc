import type { ProductionVariant } from '@aws-sdk/client-sagemaker'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { checkRequest, sharedMembers } from './request.ts'
import { modelContainer } from './model-container.ts'
import { type NewResource, type ResourceWorld, resourceRunner } from './resource-step.ts'
import { CreateRefused } from './step-fault.ts'

type Request = Readonly<Record<string, unknown>>

/**
 * Makes an endpoint configuration.
 *
 * @throws CreateRefused as the service refuses.
 */
export async function createEndpointConfig(
  world: ResourceWorld,
  request: Request,
  made: NewResource,
): Promise<Request> {
  checkRequest('CreateEndpointConfigInput', { ...request, EndpointConfigName: made.name })
  const known = await world.resources.find('EndpointConfig', made.name)
  if (known !== undefined) {
    if (made.owner !== undefined && known.owner === made.owner) return known.description
    throw new CreateRefused(
      `Cannot create already existing endpoint configuration "${known.description['EndpointConfigArn']}".`,
    )
  }
  for (const variant of request['ProductionVariants'] as readonly ProductionVariant[]) {
    checkCapacity(variant)
    if (variant.ModelName !== undefined) await modelContainer(world, variant.ModelName)
  }
  const description = {
    ...sharedMembers(request, 'DescribeEndpointConfigOutput'),
    EndpointConfigName: made.name,
    EndpointConfigArn: arnOf(made.region, 'endpoint-config', made.name),
    CreationTime: world.clock.now().toISOString(),
  }
  await world.resources.save({ kind: 'EndpointConfig', ...made, description })
  return description
}

/** Source: API reference, ProductionVariant and ProductionVariantServerlessConfig. */
function checkCapacity(variant: ProductionVariant): void {
  const { VariantName, ServerlessConfig: serverless, InstanceType, InitialInstanceCount } = variant
  if (serverless === undefined || serverless === null) {
    if (InstanceType === undefined && variant.InstancePools === undefined)
      throw new CreateRefused(`Variant ${VariantName} needs an InstanceType, or a ServerlessConfig.`)
    return
  }
  if (InstanceType !== undefined || InitialInstanceCount !== undefined)
    throw new CreateRefused(
      `Variant ${VariantName} has a ServerlessConfig, so it must not have InstanceType or InitialInstanceCount.`,
    )
  if ((serverless.MemorySizeInMB ?? 0) % 1024 !== 0)
    throw new CreateRefused(
      `Variant ${VariantName}: MemorySizeInMB ${serverless.MemorySizeInMB} is not one of 1024, 2048, 3072, 4096, 5120, 6144.`,
    )
  if ((serverless.ProvisionedConcurrency ?? 0) > (serverless.MaxConcurrency ?? 0))
    throw new CreateRefused(`Variant ${VariantName}: ProvisionedConcurrency is above MaxConcurrency.`)
}

export const endpointConfigRunner = resourceRunner<StepOf<'EndpointConfig'>>({
  operation: 'CreateEndpointConfig',
  metadata: 'EndpointConfig',
  arn: 'EndpointConfigArn',
  // The step's own name: a second execution must not find the first one's configuration in its way.
  name: run => run.jobName,
  create: createEndpointConfig,
})
