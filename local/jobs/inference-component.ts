import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { modelContainer } from './model-container.ts'
import { checkRequest } from './request.ts'
import { type NewResource, requestedName, type ResourceWorld, resourceRunner } from './resource-step.ts'
import { CreateRefused } from './step-fault.ts'

type Request = Readonly<Record<string, unknown>>

interface Specification {
  readonly ModelName?: string
  readonly Container?: { readonly Image?: string }
}

/**
 * Makes an inference component: a model on an endpoint, with a container of its own.
 *
 * @throws CreateRefused as the service refuses.
 */
export async function createInferenceComponent(
  world: ResourceWorld,
  request: Request,
  made: NewResource,
): Promise<Request> {
  checkRequest('CreateInferenceComponentInput', { ...request, InferenceComponentName: made.name })
  const known = await world.resources.find('InferenceComponent', made.name)
  if (known !== undefined) {
    if (made.owner !== undefined && known.owner === made.owner) return known.description
    throw new CreateRefused(
      `Cannot create already existing inference component "${known.description['InferenceComponentArn']}".`,
    )
  }
  const { endpointArn, variant } = await placeOf(world, request)
  const specification = (request['Specification'] ?? {}) as Specification
  if (specification.ModelName !== undefined) await modelContainer(world, specification.ModelName)
  else if (specification.Container?.Image === undefined)
    throw new CreateRefused(
      'An inference component that is run locally needs Specification.ModelName or Specification.Container.Image.',
    )
  const now = world.clock.now().toISOString()
  const copies = (request['RuntimeConfig'] as { CopyCount?: number } | undefined)?.CopyCount ?? 1
  const description = {
    InferenceComponentName: made.name,
    InferenceComponentArn: arnOf(made.region, 'inference-component', made.name),
    EndpointName: request['EndpointName'],
    EndpointArn: endpointArn,
    VariantName: variant,
    Specification: specification,
    RuntimeConfig: { DesiredCopyCount: copies, CurrentCopyCount: copies },
    InferenceComponentStatus: 'InService',
    CreationTime: now,
    LastModifiedTime: now,
  }
  await world.resources.save({ kind: 'InferenceComponent', ...made, description })
  return description
}

async function placeOf(world: ResourceWorld, request: Request): Promise<{ endpointArn: unknown; variant: string }> {
  const name = String(request['EndpointName'])
  const endpoint = await world.resources.find('Endpoint', name)
  if (endpoint === undefined) throw new CreateRefused(`Could not find endpoint "${name}".`)
  const variants = endpoint.description['ProductionVariants'] as readonly { VariantName: string }[]
  const wanted = request['VariantName'] ?? variants[0]?.VariantName
  if (!variants.some(variant => variant.VariantName === wanted))
    throw new CreateRefused(`Endpoint ${name} has no variant "${String(wanted)}".`)
  return { endpointArn: endpoint.description['EndpointArn'], variant: String(wanted) }
}

export const inferenceComponentRunner = resourceRunner<StepOf<'InferenceComponent'>>({
  operation: 'CreateInferenceComponent',
  metadata: 'InferenceComponent',
  arn: 'InferenceComponentArn',
  name: requestedName('InferenceComponentName'),
  create: createInferenceComponent,
})
