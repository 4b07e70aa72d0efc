import type { ProductionVariant } from '@aws-sdk/client-sagemaker'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { checkRequest } from './request.ts'
import { type NewResource, requestedName, type ResourceWorld, resourceRunner } from './resource-step.ts'
import { CreateRefused } from './step-fault.ts'

type Request = Readonly<Record<string, unknown>>

/**
 * Makes an endpoint, or gives an existing one another configuration: the next request starts the new model's container.
 *
 * @param made.mustBe `new` refuses an existing endpoint, `known` a missing one; a pipeline step takes either.
 * @throws CreateRefused as the service refuses.
 */
export async function putEndpoint(
  world: ResourceWorld,
  request: Request,
  { mustBe, ...made }: NewResource & { readonly mustBe?: 'new' | 'known' },
): Promise<Request> {
  checkRequest('CreateEndpointInput', { ...request, EndpointName: made.name })
  const known = await world.resources.find('Endpoint', made.name)
  const arn = arnOf(made.region, 'endpoint', made.name)
  if (mustBe === 'new' && known !== undefined)
    throw new CreateRefused(`Cannot create already existing endpoint "${arn}".`)
  if (mustBe === 'known' && known === undefined) throw new CreateRefused(`Could not find endpoint "${made.name}".`)
  const configName = String(request['EndpointConfigName'])
  const config = await world.resources.find('EndpointConfig', configName)
  if (config === undefined) throw new CreateRefused(`Could not find endpoint configuration "${configName}".`)
  const now = world.clock.now().toISOString()
  const description = {
    EndpointName: made.name,
    EndpointArn: arn,
    EndpointConfigName: configName,
    ProductionVariants: (config.description['ProductionVariants'] as readonly ProductionVariant[]).map(variantSummary),
    EndpointStatus: 'InService',
    CreationTime: known?.description['CreationTime'] ?? now,
    LastModifiedTime: now,
  }
  await world.resources.save({ kind: 'Endpoint', ...made, description })
  await world.endpoints.stop('endpoint', made.name)
  return description
}

function variantSummary(variant: ProductionVariant): object {
  const { VariantName, InitialVariantWeight = 1, ServerlessConfig: serverless } = variant
  const instances = serverless === undefined ? (variant.InitialInstanceCount ?? 1) : 0
  return {
    VariantName,
    CurrentWeight: InitialVariantWeight,
    DesiredWeight: InitialVariantWeight,
    CurrentInstanceCount: instances,
    DesiredInstanceCount: instances,
    ...(serverless !== undefined && { CurrentServerlessConfig: serverless, DesiredServerlessConfig: serverless }),
  }
}

export const endpointRunner = resourceRunner<StepOf<'Endpoint'>>({
  operation: 'CreateEndpoint',
  metadata: 'Endpoint',
  arn: 'EndpointArn',
  name: requestedName('EndpointName'),
  create: putEndpoint,
})
