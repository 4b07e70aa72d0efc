import { parseParameterValue, placedSteps } from '../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { ObjectStore } from '../contract.ts'
import { parseS3Uri } from '../jobs/s3-uri.ts'
import { readAll } from '../jobs/stage-data.ts'
import type { Clock } from './clock.ts'
import type { ParameterValue, Scope } from './evaluate.ts'
import type { ExecutionRecord } from './record.ts'

/** What the expressions of an execution can see; `jobName` is of the step that asks. */
export type ScopeFor = (jobName: string) => Scope

/** @param record Gives the execution as it is at the moment of asking. */
export function executionScope(options: {
  readonly document: PipelineDefinition
  readonly record: () => ExecutionRecord
  readonly store: ObjectStore
  readonly clock: Clock
}): ScopeFor {
  const { document, record, store, clock } = options
  const parameters = parameterValues(document, record())
  const files = propertyFiles(document)
  const variables = (jobName: string): Readonly<Record<string, () => string>> => ({
    StartDateTime: () => record().createdAt,
    CurrentDateTime: () => clock.now().toISOString(),
    PipelineName: () => record().pipelineName,
    PipelineArn: () => record().pipelineArn,
    PipelineExecutionId: () => record().id,
    PipelineExecutionArn: () => record().arn,
    TrainingJobName: () => jobName,
    ProcessingJobName: () => jobName,
  })
  return jobName => {
    const known = variables(jobName)
    return {
      parameters,
      execution: name => (Object.hasOwn(known, name) ? known[name]?.() : undefined),
      experiment: record().experiment ?? {},
      properties: step => {
        const found = record().steps.get(step)
        return found?.status === 'Succeeded' ? found.result?.properties : undefined
      },
      propertyFile: (step, file) => files.get(step)?.get(file),
      readObject: async uri => {
        const place = parseS3Uri(uri)
        const object = place === undefined ? undefined : await store.get(place.bucket, place.key)
        return object === undefined ? undefined : readAll(object.body)
      },
    }
  }
}

/** The values of an execution's parameters. Those that do not read as their type have been refused at the start. */
function parameterValues(document: PipelineDefinition, record: ExecutionRecord): Map<string, ParameterValue> {
  const texts = new Map(record.parameters.map(({ Name, Value }) => [Name, Value]))
  const values = new Map<string, ParameterValue>()
  for (const parameter of document.Parameters ?? []) {
    const text = texts.get(parameter.Name)
    if (text === undefined) continue
    const parsed = parseParameterValue(parameter, text)
    // A default may be longer than what a start value may be.
    const value = 'value' in parsed ? parsed.value : text
    // A boolean joins as true or false, however it was written.
    values.set(parameter.Name, { value, text: typeof value === 'boolean' ? String(value) : text })
  }
  return values
}

function propertyFiles(document: PipelineDefinition): Map<string, Map<string, { output: string; path: string }>> {
  const found = new Map<string, Map<string, { output: string; path: string }>>()
  for (const { step } of placedSteps(document)) {
    if (!('PropertyFiles' in step)) continue
    const files = step.PropertyFiles?.map(
      file => [file.PropertyFileName, { output: file.OutputName, path: file.FilePath }] as const,
    )
    found.set(step.Name, new Map(files))
  }
  return found
}
