import type { ProductionVariant } from '@aws-sdk/client-sagemaker'
import type { Random } from '../engine/names.ts'
import { ServiceError } from '../service-error.ts'
import type { JobWorld } from './job-runner.ts'
import { modelContainer } from './model-container.ts'
import { type ModelContainer, type ModelServer, startModelServer } from './model-server.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'

/** What InvokeEndpoint asks. */
export interface Invocation {
  readonly endpoint: string
  /** @default one of the variants, by their weights */
  readonly variant?: string | undefined
  readonly component?: string | undefined
  readonly contentType?: string | undefined
  readonly accept?: string | undefined
  readonly customAttributes?: string | undefined
  readonly body: Buffer
}

export interface InvocationAnswer {
  readonly body: Buffer
  readonly contentType: string
  readonly variant: string
}

/** The model's container answered with a failure, or not at all. Source: SageMaker Runtime API reference, ModelError. */
export class ModelError extends ServiceError {
  readonly originalStatus: number
  readonly originalMessage: string

  constructor(message: string, originalStatus: number, originalMessage: string) {
    super('ModelError', message, 424)
    this.originalStatus = originalStatus
    this.originalMessage = originalMessage
  }
}

/** The model containers of endpoints: started on first use, stopped with their endpoint or the engine. */
export interface EndpointHost {
  /** @throws ServiceError as SageMaker Runtime answers. */
  invoke(invocation: Invocation): Promise<InvocationAnswer>
  /** Stops the containers of an endpoint, or of an inference component. */
  stop(kind: 'endpoint' | 'component', name: string): Promise<void>
  close(): Promise<void>
}

interface Running {
  readonly stopping: AbortController
  readonly server: Promise<ModelServer>
  /** Requests that the container is working on. */
  active: number
}

/** Where an invocation goes. */
interface Target {
  /** Name of the folder below `jobs/`. Names of resources have no dot, so it is nobody else's. */
  readonly key: string
  readonly variant: string
  readonly container: ModelContainer
  readonly maxConcurrency: number
}

/** Source: Developer Guide, "Use Your Own Inference Code with Hosting Services": the container must answer within 60 seconds. */
const answerMilliseconds = 60_000

export function createEndpointHost(world: () => JobWorld, random: Random): EndpointHost {
  const running = new Map<string, Running>()

  const start = (target: Target): Running => {
    const known = running.get(target.key)
    if (known !== undefined) return known
    const stopping = new AbortController()
    const server = startModelServer(
      { jobName: target.key, signal: stopping.signal, world: world() },
      target.container,
      {},
    )
    const entry: Running = { stopping, server, active: 0 }
    running.set(target.key, entry)
    const forget = (): void => {
      if (running.get(target.key) === entry) running.delete(target.key)
    }
    // A container that ended is started again by the next request.
    server.then(({ ended }) => ended).then(forget, forget)
    return entry
  }
  const stopOne = async (key: string): Promise<void> => {
    const entry = running.get(key)
    if (entry === undefined) return
    running.delete(key)
    entry.stopping.abort()
    const server = await entry.server.catch(() => undefined)
    await server?.stop()
  }
  const stopAll = (prefix: string): Promise<unknown> =>
    Promise.all([...running.keys()].filter(key => key.startsWith(prefix)).map(stopOne))

  return {
    invoke: async invocation => {
      const target = await findTarget(world(), invocation, random)
      const entry = start(target)
      if (entry.active >= target.maxConcurrency) {
        throw new ServiceError(
          'ThrottlingException',
          `Rate exceeded: variant ${target.variant} of endpoint ${invocation.endpoint} has a MaxConcurrency of ${target.maxConcurrency}.`,
          429,
        )
      }
      entry.active++
      try {
        return await ask(await healthyServer(entry), invocation, target)
      } finally {
        entry.active--
      }
    },
    stop: async (kind, name) => void (await stopAll(`${kind}.${name}.`)),
    close: async () => void (await stopAll('')),
  }
}

async function healthyServer(entry: Running): Promise<ModelServer> {
  try {
    return await entry.server
  } catch (error) {
    if (error instanceof ClientFault) throw new ModelError(error.message, 500, error.message)
    throw error
  }
}

async function findTarget(world: JobWorld, invocation: Invocation, random: Random): Promise<Target> {
  const endpoint = (await world.resources.find('Endpoint', invocation.endpoint))?.description
  if (endpoint === undefined) throw refusal(`Endpoint ${invocation.endpoint} of account 000000000000 not found.`)
  if (invocation.component !== undefined) return componentTarget(world, invocation, invocation.component)
  const config = await world.resources.find('EndpointConfig', String(endpoint['EndpointConfigName']))
  if (config === undefined)
    throw refusal(`The endpoint configuration ${String(endpoint['EndpointConfigName'])} was deleted.`)
  const variants = config.description['ProductionVariants'] as readonly ProductionVariant[]
  const variant = chooseVariant(variants, invocation.variant, random)
  if (variant === undefined)
    throw refusal(`Variant ${invocation.variant} of endpoint ${invocation.endpoint} does not exist.`)
  const name = variant.VariantName as string
  if (variant.ModelName === undefined)
    throw refusal(`Variant ${name} has no model of its own: name an inference component in the request.`)
  return {
    key: `endpoint.${invocation.endpoint}.${name}`,
    variant: name,
    container: await served(world, variant.ModelName),
    maxConcurrency: variant.ServerlessConfig?.MaxConcurrency ?? Number.POSITIVE_INFINITY,
  }
}

async function componentTarget(world: JobWorld, invocation: Invocation, name: string): Promise<Target> {
  const component = (await world.resources.find('InferenceComponent', name))?.description
  if (component?.['EndpointName'] !== invocation.endpoint)
    throw refusal(`Inference component ${name} of endpoint ${invocation.endpoint} not found.`)
  const { ModelName, Container } = component['Specification'] as {
    ModelName?: string
    Container?: { Image?: string; ArtifactUrl?: string; Environment?: Record<string, string> }
  }
  const own =
    Container?.Image === undefined
      ? undefined
      : { Image: Container.Image, ModelDataUrl: Container.ArtifactUrl, Environment: Container.Environment }
  return {
    key: `component.${name}.`,
    variant: String(component['VariantName']),
    container: ModelName === undefined ? (own as ModelContainer) : await served(world, ModelName),
    maxConcurrency: Number.POSITIVE_INFINITY,
  }
}

/** The variant that was asked for, or one by the variants' weights. */
function chooseVariant(
  variants: readonly ProductionVariant[],
  wanted: string | undefined,
  random: Random,
): ProductionVariant | undefined {
  if (wanted !== undefined) return variants.find(variant => variant.VariantName === wanted)
  const weight = (variant: ProductionVariant): number => variant.InitialVariantWeight ?? 1
  const sum = variants.reduce((total, variant) => total + weight(variant), 0)
  const steps = 1_000_000
  let left = (random(steps) / steps) * sum
  return variants.find(variant => (left -= weight(variant)) < 0) ?? variants.at(-1)
}

async function served(world: JobWorld, modelName: string): Promise<ModelContainer> {
  try {
    return await modelContainer(world, modelName)
  } catch (error) {
    if (error instanceof CreateRefused) throw refusal(error.message)
    throw error
  }
}

async function ask(server: ModelServer, invocation: Invocation, target: Target): Promise<InvocationAnswer> {
  const { contentType, accept, customAttributes } = invocation
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), answerMilliseconds)
  const lost = (why: string) => (): never => {
    throw new ModelError(why, over.signal.aborted ? 504 : 500, why)
  }
  try {
    const response = await Promise.race([
      fetch(`${server.url}/invocations`, {
        method: 'POST',
        headers: {
          ...(contentType !== undefined && { 'content-type': contentType }),
          ...(accept !== undefined && { accept }),
          ...(customAttributes !== undefined && { 'x-amzn-sagemaker-custom-attributes': customAttributes }),
        },
        body: new Uint8Array(invocation.body),
        signal: over.signal,
      }).catch(lost(`The model container did not answer within ${answerMilliseconds / 1000} seconds.`)),
      server.ended.then(lost('The model container ended while it was asked.')),
    ])
    const body = Buffer.from(await response.arrayBuffer())
    if (response.ok)
      return {
        body,
        contentType: response.headers.get('content-type') ?? 'application/octet-stream',
        variant: target.variant,
      }
    const said = body.toString('utf8').slice(0, 1024)
    throw new ModelError(
      `Received ${response.status >= 500 ? 'server' : 'client'} error (${response.status}) from ${target.variant} with message "${said}". Its log is jobs/${target.key}/log.txt of the state folder.`,
      response.status,
      said,
    )
  } finally {
    clearTimeout(timer)
  }
}

const refusal = (message: string): ServiceError => new ServiceError('ValidationError', message)
