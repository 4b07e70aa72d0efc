import * as z from 'zod'
import type { Registry } from '../registry/registry.ts'
import type { JobBook } from './job-book.ts'
import { readRequest } from './request.ts'
import { CreateRefused } from './step-fault.ts'
import type { ModelContainer } from './model-server.ts'

const containerSchema = z.looseObject({
  Image: z.string().optional(),
  ModelDataUrl: z.string().optional(),
  ModelDataSource: z.looseObject({ S3DataSource: z.looseObject({ S3Uri: z.string() }).optional() }).optional(),
  ModelPackageName: z.string().optional(),
  Environment: z.record(z.string(), z.string()).optional(),
})

const modelSchema = z.looseObject({
  PrimaryContainer: containerSchema.optional(),
  Containers: z.array(containerSchema).optional(),
})

const packageSchema = z.looseObject({
  InferenceSpecification: z.looseObject({ Containers: z.array(containerSchema).min(1) }),
})

type Container = z.infer<typeof containerSchema>

/**
 * The container that serves a model: of an image with its artifact, or of a registered model package.
 *
 * @throws CreateRefused when there is no such model, or it has several containers.
 */
export async function modelContainer(
  books: { readonly jobs: JobBook; readonly registry: Registry },
  modelName: string,
): Promise<ModelContainer> {
  const model = await books.jobs.find('Model', modelName)
  if (model === undefined) throw new CreateRefused(`Could not find model "${modelName}".`)
  const { PrimaryContainer, Containers = [] } = readRequest(modelSchema, model.description)
  const container = PrimaryContainer ?? (Containers.length === 1 ? Containers[0] : undefined)
  if (container === undefined)
    throw new CreateRefused(
      `Model ${modelName} has ${Containers.length} containers — inference pipelines are not run locally yet — use a model with one container.`,
    )
  const specified = container.ModelPackageName === undefined ? container : ofPackage(books.registry, container)
  if (specified.Image === undefined)
    throw new CreateRefused(`Model ${modelName} has a container without an Image — name one, or a ModelPackageName.`)
  const uri = specified.ModelDataUrl ?? specified.ModelDataSource?.S3DataSource?.S3Uri
  return {
    Image: specified.Image,
    Environment: specified.Environment,
    ...(uri === undefined ? {} : { ModelDataUrl: uri }),
  }
}

function ofPackage(registry: Registry, container: Container): Container {
  const arn = container.ModelPackageName as string
  const found = registry.package(arn)
  if (found === undefined) throw new CreateRefused(`ModelPackage ${arn} does not exist.`)
  if (found['ModelApprovalStatus'] !== 'Approved')
    throw new CreateRefused(
      `Model package ${arn} has ModelApprovalStatus ${String(found['ModelApprovalStatus'])}, but must be Approved to be deployed.`,
    )
  const [first] = readRequest(packageSchema, found).InferenceSpecification.Containers
  return { ...first, Environment: { ...first?.Environment, ...container.Environment } }
}
