import { execution, failStep, join, notebookJobStep, pipeline, string } from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c16-notebook-job', { parameters: { X: string('x') }, metadata: {}, experiment }, p => {
  const nB = notebookJobStep('NB', {
    notebook: {
      folder: 's3://my-bucket/root/NotebookAll/NB/input-2025-01-01-00-00-00-000',
      name: 'nb.ipynb',
      initializationScript: 'preprocess.py',
    },
    image: '111122223333.dkr.ecr.us-west-2.amazonaws.com/nb:1',
    kernel: 'python3',
    role,
    region: 'us-west-2',
    jobName: 'nbjob',
    output: 's3://my-bucket/root',
    parameters: { p: p.X },
    environment: { E: p.X },
    kmsKey: 'k',
    volumeKmsKey: 'vk',
    vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
    tags: { a: 'b' },
    retry: [
      { on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 },
      {
        on: ['SageMaker.RESOURCE_LIMIT', 'SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
        intervalSeconds: 60,
        backoffRate: 2,
        expireAfterMinutes: 60,
      },
    ],
    // The SDK writes the pipeline's name at the time, not a reference to it.
    arguments: {
      OutputDataConfig: {
        S3OutputPath: join('/', ['s3://my-bucket/root', 'NotebookAll', execution.PipelineExecutionId, 'NB']),
      },
    },
  })
  const f = failStep('F', {
    message: join(',', [
      nB.properties.ComputingJobName,
      nB.properties.ComputingJobStatus,
      nB.properties.NotebookJobInputLocation,
      nB.properties.NotebookJobOutputLocationPrefix,
      nB.properties.InputNotebookName,
      nB.properties.OutputNotebookName,
    ]),
  })
  return [nB, f]
})
