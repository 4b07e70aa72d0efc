import { parseParameterValue } from '../../pipeline/definition/index.ts'
import type { Parameter, PipelineDefinition } from '../../schemas/definition.ts'
import type { CallContext } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import type { ExecutionSummary } from '../engine/execution-summary.ts'
import { EvaluationError } from '../engine/evaluate.ts'
import { executionScope } from '../engine/execution-scope.ts'
import { experimentConfig } from '../engine/experiment-config.ts'
import { executionId } from '../engine/names.ts'
import { parseDefinition } from '../engine/parse-definition.ts'
import type { ParallelismConfiguration } from '../engine/pipeline-book.ts'
import {
  applyEvent,
  type ExecutionRecord,
  type ExecutionStart,
  isTerminal,
  type SelectiveExecution,
  type StepRecord,
} from '../engine/record.ts'
import { selectiveStart } from '../engine/selective-execution.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { mustFindPipeline } from './pipelines.ts'
import { toResponse } from './response.ts'

interface NameValue {
  readonly Name: string
  readonly Value: string
}

interface StartInput {
  readonly PipelineName: string
  readonly PipelineExecutionDisplayName?: string
  readonly PipelineParameters?: readonly NameValue[]
  readonly PipelineExecutionDescription?: string
  readonly ClientRequestToken?: string
  readonly ParallelismConfiguration?: ParallelismConfiguration
  readonly SelectiveExecutionConfig?: SelectiveExecution
  readonly PipelineVersionId?: number
}

type ArnInput = { readonly PipelineExecutionArn: string }
type ListInput = PageRequest & {
  readonly PipelineName: string
  readonly CreatedAfter?: Date
  readonly CreatedBefore?: Date
  readonly SortBy?: 'CreationTime' | 'PipelineExecutionArn'
  readonly SortOrder?: string
}

/** Operations on executions and their steps. */
export function executionOperations(engine: Engine) {
  const { pipelines, executions, clock, random } = engine

  const mustFind = async (arn: string): Promise<ExecutionRecord> => {
    const record = await executions.find(arn)
    if (record === undefined)
      throw new ServiceError('ResourceNotFound', `Pipeline execution with ARN ${arn} does not exist.`)
    return record
  }

  const start = async (input: StartInput, { region }: CallContext): Promise<object> => {
    const pipeline = mustFindPipeline(engine, input.PipelineName, region)
    const token = input.ClientRequestToken
    const same = token === undefined ? undefined : executions.withToken(pipeline.name, token)
    if (same !== undefined) return { PipelineExecutionArn: same.arn }
    const number = input.PipelineVersionId ?? pipeline.version
    const version = await pipelines.version(pipeline.name, number)
    if (version === undefined)
      throw new ServiceError('ResourceNotFound', `Pipeline '${pipeline.arn}' has no version ${number}.`)
    const document = parseDefinition(version.definition)
    const parameters = startParameters(document, input.PipelineParameters ?? [])
    const limit = input.ParallelismConfiguration ?? pipeline.parallelism
    const selective = input.SelectiveExecutionConfig
    const first =
      selective === undefined
        ? []
        : selectiveStart(document, selective, await sourceOf(selective, pipeline.name), clock.now().toISOString())
    const id = executionId(random)
    const plain: ExecutionStart = {
      arn: `${pipeline.arn}/execution/${id}`,
      pipelineArn: pipeline.arn,
      pipelineName: pipeline.name,
      pipelineVersion: number,
      region,
      roleArn: pipeline.roleArn,
      displayName: input.PipelineExecutionDisplayName ?? `execution-${clock.now().getTime()}`,
      parameters,
      ...(input.PipelineExecutionDescription === undefined ? {} : { description: input.PipelineExecutionDescription }),
      ...(token === undefined ? {} : { clientToken: token }),
      ...(limit === undefined ? {} : { maxParallelSteps: limit.MaxParallelExecutionSteps }),
      ...(selective === undefined ? {} : { selective }),
    }
    const experiment = await readExperiment(document, plain)
    const record = await executions.start(
      { ...plain, ...(experiment === undefined ? {} : { experiment }) },
      version.definition,
      first,
    )
    return { PipelineExecutionArn: record.arn }
  }

  const readExperiment = async (
    document: PipelineDefinition,
    plain: ExecutionStart,
  ): Promise<ExecutionStart['experiment']> => {
    const record = applyEvent(undefined, { type: 'execution-started', at: clock.now().toISOString(), ...plain })
    try {
      return await experimentConfig(
        document,
        executionScope({ document, record: () => record, store: engine.store, clock })(''),
      )
    } catch (error) {
      if (error instanceof EvaluationError) throw refused(`PipelineExperimentConfig: ${error.message}`)
      throw error
    }
  }

  /** The execution whose results are taken over: an ended one of the same pipeline. */
  const sourceOf = async (
    selective: SelectiveExecution,
    pipelineName: string,
  ): Promise<ExecutionRecord | undefined> => {
    const arn = selective.SourcePipelineExecutionArn
    if (arn === undefined) return undefined
    const source = await mustFind(arn)
    if (source.pipelineName !== pipelineName || !isTerminal(source.status)) {
      throw new ServiceError(
        'ValidationException',
        `Invalid SourcePipelineExecutionArn: ${arn}. It must be an ended execution of pipeline ${pipelineName}.`,
      )
    }
    return source
  }

  const describe = async (input: ArnInput): Promise<object> => {
    const record = await mustFind(input.PipelineExecutionArn)
    return toResponse('DescribePipelineExecutionResponse', {
      PipelineArn: record.pipelineArn,
      PipelineExecutionArn: record.arn,
      PipelineExecutionDisplayName: record.displayName,
      PipelineExecutionStatus: record.status,
      PipelineExecutionDescription: record.description,
      PipelineExperimentConfig: record.experiment,
      FailureReason: record.failureReason,
      CreationTime: record.createdAt,
      LastModifiedTime: record.modifiedAt,
      CreatedBy: {},
      LastModifiedBy: {},
      ParallelismConfiguration: parallelismOf(record),
      SelectiveExecutionConfig: record.selective,
      PipelineVersionId: record.pipelineVersion,
    })
  }

  const list = async (input: ListInput, { region }: CallContext): Promise<object> => {
    const pipeline = mustFindPipeline(engine, input.PipelineName, region)
    const { CreatedAfter: after, CreatedBefore: before } = input
    const all = executions.of(pipeline.name)
    const isBounded = after !== undefined || before !== undefined
    const found = isBounded ? all.filter(({ createdAt }) => isWithin(createdAt, after, before)) : all
    const { items, ...rest } = page(inOrder(found, input), input, summary => summary.id)
    return {
      PipelineExecutionSummaries: items.map(summary =>
        toResponse('PipelineExecutionSummary', {
          PipelineExecutionArn: summary.arn,
          StartTime: summary.createdAt,
          PipelineExecutionStatus: summary.status,
          PipelineExecutionDescription: summary.description,
          PipelineExecutionDisplayName: summary.displayName,
          PipelineExecutionFailureReason: summary.failureReason,
        }),
      ),
      ...rest,
    }
  }

  const listSteps = async (
    input: PageRequest & { PipelineExecutionArn?: string; SortOrder?: string },
  ): Promise<object> => {
    const record = await mustFind(input.PipelineExecutionArn ?? '')
    const texts = await stepTexts(record)
    const inOrder = sorted(
      [...record.steps.values()],
      step => String(step.sequence).padStart(9, '0'),
      input.SortOrder,
      'Descending',
    )
    const { items, ...rest } = page(inOrder, input, step => step.name)
    return {
      PipelineExecutionSteps: items.map(step =>
        toResponse('PipelineExecutionStep', { ...texts.get(step.name), ...stepRow(step) }),
      ),
      ...rest,
    }
  }

  /** Display names and descriptions of steps, which are the definition's. */
  const stepTexts = async (record: ExecutionRecord): Promise<ReadonlyMap<string, object>> => {
    const document = JSON.parse(await executions.definition(record.id)) as PipelineDefinition
    const texts = new Map<string, object>()
    const visit = (steps: PipelineDefinition['Steps']): void => {
      for (const step of steps) {
        if (step.DisplayName !== undefined || step.Description !== undefined) {
          texts.set(step.Name, { StepDisplayName: step.DisplayName, StepDescription: step.Description })
        }
        if (step.Type === 'Condition') {
          visit(step.Arguments.IfSteps)
          visit(step.Arguments.ElseSteps)
        }
      }
    }
    visit(document.Steps)
    return texts
  }

  const listParameters = async (input: PageRequest & ArnInput): Promise<object> => {
    const record = await mustFind(input.PipelineExecutionArn)
    const { items, ...rest } = page(record.parameters, input, parameter => parameter.Name, 200)
    return { PipelineParameters: items, ...rest }
  }

  const describeDefinition = async (input: ArnInput): Promise<object> => {
    const record = await mustFind(input.PipelineExecutionArn)
    return { PipelineDefinition: await executions.definition(record.id), CreationTime: new Date(record.createdAt) }
  }

  const update = async (
    input: ArnInput & {
      PipelineExecutionDescription?: string
      PipelineExecutionDisplayName?: string
      ParallelismConfiguration?: ParallelismConfiguration
    },
  ): Promise<object> => {
    await executions.update(input.PipelineExecutionArn, {
      ...(input.PipelineExecutionDescription === undefined ? {} : { description: input.PipelineExecutionDescription }),
      ...(input.PipelineExecutionDisplayName === undefined ? {} : { displayName: input.PipelineExecutionDisplayName }),
      ...(input.ParallelismConfiguration === undefined
        ? {}
        : { maxParallelSteps: input.ParallelismConfiguration.MaxParallelExecutionSteps }),
    })
    return { PipelineExecutionArn: input.PipelineExecutionArn }
  }

  return {
    StartPipelineExecution: start,
    DescribePipelineExecution: describe,
    ListPipelineExecutions: list,
    ListPipelineExecutionSteps: listSteps,
    ListPipelineParametersForExecution: listParameters,
    DescribePipelineDefinitionForExecution: describeDefinition,
    UpdatePipelineExecution: update,
    SendPipelineExecutionStepSuccess: async (input: {
      CallbackToken: string
      OutputParameters?: readonly NameValue[]
    }): Promise<object> => {
      const outputs = Object.fromEntries((input.OutputParameters ?? []).map(({ Name, Value }) => [Name, Value]))
      return { PipelineExecutionArn: engine.callbacks.answer(input.CallbackToken, { outputs }) }
    },
    SendPipelineExecutionStepFailure: async (input: {
      CallbackToken: string
      FailureReason?: string
    }): Promise<object> => ({
      PipelineExecutionArn: engine.callbacks.answer(input.CallbackToken, { failureReason: input.FailureReason }),
    }),
    StopPipelineExecution: async (input: ArnInput): Promise<object> => {
      await executions.stop(input.PipelineExecutionArn)
      return { PipelineExecutionArn: input.PipelineExecutionArn }
    },
    RetryPipelineExecution: async (
      input: ArnInput & { ParallelismConfiguration?: ParallelismConfiguration },
    ): Promise<object> => {
      await executions.retry(input.PipelineExecutionArn, input.ParallelismConfiguration?.MaxParallelExecutionSteps)
      return { PipelineExecutionArn: input.PipelineExecutionArn }
    },
  }
}

/** The book has them oldest first: with thousands of executions, sorting them would be most of an answer's time. */
function inOrder(oldestFirst: readonly ExecutionSummary[], { SortBy, SortOrder }: ListInput): ExecutionSummary[] {
  if (SortBy === 'PipelineExecutionArn') return sorted(oldestFirst, summary => summary.arn, SortOrder, 'Descending')
  return SortOrder === 'Ascending' ? [...oldestFirst] : oldestFirst.toReversed()
}

const parallelismOf = (record: ExecutionRecord): ParallelismConfiguration | undefined =>
  record.maxParallelSteps === undefined ? undefined : { MaxParallelExecutionSteps: record.maxParallelSteps }

const stepRow = (step: StepRecord): object => ({
  StepName: step.name,
  StartTime: step.startTime,
  EndTime: step.endTime,
  StepStatus: step.status,
  AttemptCount: step.attempt,
  FailureReason: step.result?.failureReason,
  Metadata: step.metadata,
  CacheHitResult:
    step.result?.cacheSource === undefined ? undefined : { SourcePipelineExecutionArn: step.result.cacheSource },
  SelectiveExecutionResult:
    step.result?.selectedSource === undefined ? undefined : { SourcePipelineExecutionArn: step.result.selectedSource },
})

/**
 * The parameters of an execution as texts: what was given, else the default.
 *
 * @throws ServiceError for an unknown, missing, empty or wrong-typed one. Texts: SageMaker Python SDK, local mode, which
 * repeats the service's; the one for an empty value is the service's own (sagemaker-python-sdk issue 4016).
 */
function startParameters(document: PipelineDefinition, given: readonly NameValue[]): NameValue[] {
  const declared = new Map((document.Parameters ?? []).map(parameter => [parameter.Name, parameter]))
  const values = new Map<string, string>()
  for (const { Name, Value } of given) {
    const parameter = declared.get(Name)
    if (parameter === undefined) throw refused(`Unknown parameter '${Name}'`)
    if (values.has(Name)) throw refused(`Parameter '${Name}' is given twice`)
    if (Value === '') throw refused(`[string "" is too short (length: 0, required minimum: 1)] for parameter '${Name}'`)
    const parsed = parseParameterValue(parameter, Value)
    if ('expected' in parsed)
      throw refused(
        `Unexpected type for parameter '${Name}'. Expected ${expectedOf(parameter, parsed.expected)} but found '${Value}'.`,
      )
    values.set(Name, Value)
  }
  return [...declared.values()].map(parameter => {
    const value = values.get(parameter.Name) ?? defaultText(parameter)
    if (value === undefined) throw refused(`Parameter '${parameter.Name}' is undefined.`)
    return { Name: parameter.Name, Value: value }
  })
}

const refused = (text: string): ServiceError => new ServiceError('ValidationException', text)

const expectedOf = (parameter: Parameter, expected: string): string => `${parameter.Type ?? 'String'} (${expected})`

/** A Float default is written with its decimal point, which JSON.parse loses. */
function defaultText(parameter: Parameter): string | undefined {
  const value = parameter.DefaultValue
  if (value === undefined || value === null) return undefined
  const text = String(value)
  return parameter.Type === 'Float' && /^-?\d+$/.test(text) ? `${text}.0` : text
}
