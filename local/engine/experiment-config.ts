import type { PipelineDefinition } from '../../schemas/definition.ts'
import { evaluate, type Scope } from './evaluate.ts'

/**
 * The names of experiment and trial of an execution, with expressions evaluated; undefined for a pipeline without the
 * configuration.
 *
 * Source: SageMaker Python SDK, PipelineExperimentConfig (pipeline name and execution id are the defaults); that the service
 * writes the experiment's name in lower case is seen in captured output.
 */
export async function experimentConfig(
  document: PipelineDefinition,
  scope: Scope,
): Promise<Readonly<Record<string, string>> | undefined> {
  const config = document.PipelineExperimentConfig
  if (config === undefined || config === null) return undefined
  const name = (await evaluate(config.ExperimentName, scope)) ?? scope.execution('PipelineName')
  const trial = (await evaluate(config.TrialName, scope)) ?? scope.execution('PipelineExecutionId')
  return { ExperimentName: String(name).toLowerCase(), TrialName: String(trial) }
}
