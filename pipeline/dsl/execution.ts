import { type Expr, makeExpression } from './expression.ts'

const variable = (name: string): Expr<string> => makeExpression({ Get: `Execution.${name}` }, 'String')

/**
 * What the service knows about the running execution; all are strings.
 *
 * `TrainingJobName` and `ProcessingJobName` are the name of the job that the step itself starts, so they make sense only
 * in that step's own arguments.
 */
export const execution = Object.freeze({
  StartDateTime: variable('StartDateTime'),
  CurrentDateTime: variable('CurrentDateTime'),
  PipelineName: variable('PipelineName'),
  PipelineArn: variable('PipelineArn'),
  PipelineExecutionId: variable('PipelineExecutionId'),
  PipelineExecutionArn: variable('PipelineExecutionArn'),
  TrainingJobName: variable('TrainingJobName'),
  ProcessingJobName: variable('ProcessingJobName'),
})

const experimentVariable = (name: string): Expr<string> =>
  makeExpression({ Get: `PipelineExperimentConfig.${name}` }, 'String')

/** The experiment and trial of the running execution, as the pipeline's `experiment` option set them. */
export const experimentConfig = Object.freeze({
  ExperimentName: experimentVariable('ExperimentName'),
  TrialName: experimentVariable('TrialName'),
})
