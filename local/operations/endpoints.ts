import { existsSync } from 'node:fs'
import type { CallContext } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { arnOf } from '../engine/names.ts'
import { createEndpointConfig } from '../jobs/endpoint-config.ts'
import { putEndpoint } from '../jobs/endpoint.ts'
import { createInferenceComponent } from '../jobs/inference-component.ts'
import { createModel } from '../jobs/model.ts'
import { CreateRefused } from '../jobs/step-fault.ts'
import type { Resource, ResourceKind } from '../registry/resource-book.ts'
import { ServiceError } from '../service-error.ts'
import { findResource, listResources, type ResourceListInput } from './list-resources.ts'
import { toResponse } from './response.ts'

type Request = Readonly<Record<string, unknown>>
type Named<M extends string> = Readonly<Record<M, string>>

/** Operations on what serves models: models, endpoints, their configurations and inference components. */
export function endpointOperations(engine: Engine) {
  const mustFind = (kind: ResourceKind, label: string, name: string, { region }: CallContext): Promise<Resource> =>
    findResource(engine, kind, name, {
      code: 'ValidationException',
      message: `Could not find ${label} "${arnOf(region, label.replaceAll(' ', '-').replace('configuration', 'config'), name)}".`,
    })

  return {
    CreateModel: async (input: Request & Named<'ModelName'>, { region }: CallContext) => {
      const arn = arnOf(region, 'model', input.ModelName)
      if (isTaken(engine, input.ModelName))
        throw new ServiceError('ValidationException', `Cannot create already existing model "${arn}".`)
      await refusals(() => createModel(engine, input, { name: input.ModelName, region }))
      return { ModelArn: arn }
    },
    DeleteModel: async ({ ModelName: name }: Named<'ModelName'>, { region }: CallContext) => {
      if ((await engine.jobs.find('Model', name)) === undefined)
        throw new ServiceError('ValidationException', `Could not find model "${arnOf(region, 'model', name)}".`)
      await engine.jobs.remove('Model', name)
      return {}
    },

    CreateEndpointConfig: async (input: Request & Named<'EndpointConfigName'>, { region }: CallContext) => {
      const made = await refusals(() => createEndpointConfig(engine, input, { name: input.EndpointConfigName, region }))
      return { EndpointConfigArn: made['EndpointConfigArn'] }
    },
    DescribeEndpointConfig: async ({ EndpointConfigName: name }: Named<'EndpointConfigName'>, context: CallContext) =>
      toResponse(
        'DescribeEndpointConfigOutput',
        (await mustFind('EndpointConfig', 'endpoint configuration', name, context)).description,
      ),
    ListEndpointConfigs: (input: ResourceListInput) =>
      listResources(engine, input, 'EndpointConfig', {
        summary: 'EndpointConfigSummary',
        summaries: 'EndpointConfigs',
      }),
    DeleteEndpointConfig: async ({ EndpointConfigName: name }: Named<'EndpointConfigName'>, context: CallContext) => {
      await mustFind('EndpointConfig', 'endpoint configuration', name, context)
      await engine.resources.remove('EndpointConfig', name)
      return {}
    },

    CreateEndpoint: async (input: Request & Named<'EndpointName'>, { region }: CallContext) => {
      const made = await refusals(() => putEndpoint(engine, input, { name: input.EndpointName, region, mustBe: 'new' }))
      return { EndpointArn: made['EndpointArn'] }
    },
    UpdateEndpoint: async (input: Request & Named<'EndpointName'>, { region }: CallContext) => {
      const made = await refusals(() =>
        putEndpoint(engine, input, { name: input.EndpointName, region, mustBe: 'known' }),
      )
      return { EndpointArn: made['EndpointArn'] }
    },
    DescribeEndpoint: async ({ EndpointName: name }: Named<'EndpointName'>, context: CallContext) =>
      toResponse('DescribeEndpointOutput', (await mustFind('Endpoint', 'endpoint', name, context)).description),
    ListEndpoints: (input: ResourceListInput & { StatusEquals?: string }) =>
      listResources(
        engine,
        input,
        'Endpoint',
        { summary: 'EndpointSummary', summaries: 'Endpoints' },
        ({ EndpointStatus }) => input.StatusEquals === undefined || EndpointStatus === input.StatusEquals,
      ),
    DeleteEndpoint: async ({ EndpointName: name }: Named<'EndpointName'>, context: CallContext) => {
      await mustFind('Endpoint', 'endpoint', name, context)
      const components = await engine.resources.list('InferenceComponent')
      const held = components.find(component => component.description['EndpointName'] === name)
      if (held !== undefined)
        throw new ServiceError(
          'ValidationException',
          `Endpoint ${name} has the inference component ${held.name}: delete it first.`,
        )
      await engine.resources.remove('Endpoint', name)
      await engine.endpoints.stop('endpoint', name)
      return {}
    },

    CreateInferenceComponent: async (input: Request & Named<'InferenceComponentName'>, { region }: CallContext) => {
      const made = await refusals(() =>
        createInferenceComponent(engine, input, { name: input.InferenceComponentName, region }),
      )
      return { InferenceComponentArn: made['InferenceComponentArn'] }
    },
    DescribeInferenceComponent: async (
      { InferenceComponentName: name }: Named<'InferenceComponentName'>,
      context: CallContext,
    ) =>
      toResponse(
        'DescribeInferenceComponentOutput',
        (await mustFind('InferenceComponent', 'inference component', name, context)).description,
      ),
    ListInferenceComponents: (
      input: ResourceListInput & { EndpointNameEquals?: string; VariantNameEquals?: string; StatusEquals?: string },
    ) =>
      listResources(
        engine,
        input,
        'InferenceComponent',
        { summary: 'InferenceComponentSummary', summaries: 'InferenceComponents' },
        component =>
          (input.EndpointNameEquals ?? component['EndpointName']) === component['EndpointName'] &&
          (input.VariantNameEquals ?? component['VariantName']) === component['VariantName'] &&
          (input.StatusEquals ?? component['InferenceComponentStatus']) === component['InferenceComponentStatus'],
      ),
    DeleteInferenceComponent: async (
      { InferenceComponentName: name }: Named<'InferenceComponentName'>,
      context: CallContext,
    ) => {
      await mustFind('InferenceComponent', 'inference component', name, context)
      await engine.resources.remove('InferenceComponent', name)
      await engine.endpoints.stop('component', name)
      return {}
    },
  }
}

/** A job's folder is found by its name alone. */
function isTaken(engine: Engine, name: string): boolean {
  return existsSync(engine.jobs.folder(name))
}

async function refusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CreateRefused) throw new ServiceError('ValidationException', error.message)
    throw error
  }
}
