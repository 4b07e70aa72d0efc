import { boolean, execution, experimentConfig, failStep, float, integer, join, pipeline, string } from 'foldwise'

export default pipeline(
  'c23-parameters-functions',
  {
    parameters: {
      S: string(),
      SD: string('a', { oneOf: ['a', 'b'] }),
      I: integer(),
      I0: integer(0),
      Fl: float(0.5),
      B: boolean(),
      BF: boolean(false),
      Empty: string(''),
    },
    metadata: {},
    experiment: p => ({ name: 'MyExp', trial: join('-', [execution.PipelineExecutionId, p.S]) }),
  },
  p => {
    const f = failStep('F', {
      message: join('|', [
        execution.StartDateTime,
        execution.CurrentDateTime,
        execution.PipelineName,
        execution.PipelineArn,
        execution.PipelineExecutionId,
        execution.PipelineExecutionArn,
        execution.TrainingJobName,
        execution.ProcessingJobName,
        1,
        2.5,
        true,
        'lit',
        p.S,
        join('', [p.I]),
        join('-', ['nested', p.Fl]),
        experimentConfig.ExperimentName,
        experimentConfig.TrialName,
      ]),
    })
    return [f]
  },
)
