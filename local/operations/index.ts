import type { OperationTable } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { autoMLOperations } from './automl.ts'
import { endpointOperations } from './endpoints.ts'
import { executionOperations } from './executions.ts'
import { experimentOperations } from './experiments.ts'
import { jobOperations } from './jobs.ts'
import { lineageOperations } from './lineage.ts'
import { pipelineOperations } from './pipelines.ts'
import { registryOperations } from './registry.ts'
import { tagOperations } from './tags.ts'

/**
 * Every SageMaker operation that the local SageMaker answers, on one engine.
 *
 * @param options.readOnly Only those that change nothing. @default false
 */
export function createOperations(engine: Engine, options: { readOnly?: boolean } = {}): OperationTable {
  const operations = allOperations(engine)
  if (options.readOnly !== true) return operations
  return Object.fromEntries(Object.entries(operations).filter(([name]) => /^(Describe|List|Search)/.test(name)))
}

function allOperations(engine: Engine): OperationTable {
  return {
    ...pipelineOperations(engine),
    ...executionOperations(engine),
    ...jobOperations(engine),
    ...autoMLOperations(engine),
    ...endpointOperations(engine),
    ...experimentOperations(engine),
    ...lineageOperations(engine),
    ...registryOperations(engine),
    ...tagOperations(engine),
  }
}
