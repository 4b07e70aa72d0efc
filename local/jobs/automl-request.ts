import * as z from 'zod'
import { type Cell, numberIn } from './checks/table.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'
import { readRequest } from './request.ts'

const channelSchema = z.looseObject({
  ChannelType: z.enum(['training', 'validation']).optional(),
  TargetAttributeName: z.string().min(1),
  ContentType: z.string().optional(),
  CompressionType: z.literal('None', { message: 'CompressionType is not run locally' }).optional(),
  DataSource: z.looseObject({ S3DataSource: z.looseObject({ S3DataType: z.string(), S3Uri: z.string() }) }),
})

/** What the local run reads of CreateAutoMLJob. */
const requestSchema = z.looseObject({
  InputDataConfig: z.array(channelSchema).min(1).max(2),
  OutputDataConfig: z.looseObject({ S3OutputPath: z.string().startsWith('s3://') }),
  ProblemType: z.enum(['BinaryClassification', 'MulticlassClassification', 'Regression']).optional(),
  AutoMLJobObjective: z.looseObject({ MetricName: z.string() }).optional(),
  AutoMLJobConfig: z
    .looseObject({
      CompletionCriteria: z.looseObject({ MaxCandidates: z.int().min(1).optional() }).optional(),
      DataSplitConfig: z.looseObject({ ValidationFraction: z.number().gt(0).lt(1).optional() }).optional(),
      Mode: z.string().optional(),
    })
    .optional(),
})

export type AutoMLRequest = z.infer<typeof requestSchema>

export type AutoMLProblem = 'BinaryClassification' | 'MulticlassClassification'

/** Objectives of classification to the names that model quality gives them, by problem. */
const objectives: Readonly<Record<AutoMLProblem, Readonly<Record<string, string>>>> = {
  BinaryClassification: { Accuracy: 'accuracy', F1: 'f1', AUC: 'auc', Precision: 'precision', Recall: 'recall' },
  MulticlassClassification: { Accuracy: 'accuracy', F1macro: 'f1_macro', BalancedAccuracy: 'balanced_accuracy' },
}

/** Source: API reference, AutoMLJobObjective: F1 for two classes, Accuracy for more. */
const defaultObjectives: Readonly<Record<AutoMLProblem, string>> = {
  BinaryClassification: 'F1',
  MulticlassClassification: 'Accuracy',
}

/** @throws CreateRefused as the service refuses. */
export function readAutoMLRequest(request: unknown): AutoMLRequest {
  const read = readRequest(requestSchema, request)
  // Source: SageMaker Python SDK, AutoMLStep; the service refuses other modes in a pipeline.
  if (read.AutoMLJobConfig?.Mode !== 'ENSEMBLING')
    throw new CreateRefused('AutoMLJobConfig.Mode must be ENSEMBLING in a pipeline')
  if (!read.InputDataConfig.some(({ ChannelType = 'training' }) => ChannelType === 'training'))
    throw new CreateRefused('InputDataConfig has no channel of ChannelType training')
  return read
}

/** What is predicted, and the metric that ranks candidates: its name in the API and in model quality. */
export interface AutoMLGoal {
  readonly problem: AutoMLProblem
  readonly objective: string
  readonly metric: string
}

/**
 * The problem that the request names or the target shows: two values, else several.
 *
 * @throws ClientFault for regression, which no local candidate does, and for an objective that does not fit.
 */
export function resolveGoal(request: AutoMLRequest, target: readonly Cell[]): AutoMLGoal {
  const distinct = new Set(target).size
  const looksNumeric = target.every(cell => numberIn(cell) !== undefined) && distinct > 20
  const problem =
    request.ProblemType ??
    (distinct <= 2 ? 'BinaryClassification' : looksNumeric ? 'Regression' : 'MulticlassClassification')
  if (problem === 'Regression')
    throw new ClientFault(
      'An AutoML job of ProblemType Regression cannot be run locally — the candidates are classifiers — run it in AWS, or train with a Training step.',
    )
  const objective = request.AutoMLJobObjective?.MetricName ?? defaultObjectives[problem]
  const metric = objectives[problem][objective]
  if (metric === undefined)
    throw new ClientFault(
      `The objective ${objective} of ${problem} is not measured locally — ${Object.keys(objectives[problem]).join(', ')} are — name one of them.`,
    )
  return { problem, objective, metric }
}
