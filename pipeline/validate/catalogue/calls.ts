import type { CatalogueEntry } from './entry.ts'
import { oneMoreStep } from './sample.ts'

const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f'

/** FW5…: steps that call other services: Lambda, Callback, EMR, Lineage, checks. */
export const callCodes = {
  FW5044: {
    title: 'Nested argument of a Lambda or Callback step',
    severity: 'warning',
    source: 'Developer Guide, Lambda and Callback steps: arguments are flat; service text not captured',
    example: { set: oneMoreStep('Lambda', { FunctionArn: functionArn, Arguments: { options: { a: 1 } } }) },
    repair: 'Pass a JSON text, or several arguments.',
  },
  FW5045: {
    title: 'Output parameters that cannot be told apart or are too many',
    severity: 'error',
    source: 'Service model, OutputParameterList: at most 50, names up to 256 characters; the four types of parameters',
    example: {
      set: oneMoreStep('Lambda', {
        FunctionArn: functionArn,
        OutputParameters: [
          { OutputName: 'o', OutputType: 'String' },
          { OutputName: 'o', OutputType: 'String' },
        ],
      }),
    },
    repair: 'Give each a name of its own and one of the types String, Integer, Boolean, Float.',
  },
  FW5046: {
    title: 'Function or queue that is none',
    severity: 'warning',
    source: 'Developer Guide, Lambda and Callback steps',
    example: { set: oneMoreStep('Lambda', { FunctionArn: 'my-function' }) },
    repair: 'Write the whole ARN of the function, or the whole URL of the queue.',
  },
  FW5047: {
    title: 'Function in another region',
    severity: 'warning',
    source: "Developer Guide, Lambda step: the function must be in the pipeline's region",
    example: { set: oneMoreStep('Lambda', { FunctionArn: functionArn }), pipeline: { region: 'us-east-1' } },
    repair: "Use a function of the pipeline's region.",
  },
  FW5048: {
    title: 'EMR step without exactly one cluster or application',
    severity: 'error',
    source: 'SageMaker Python SDK, EMRStep and EMRServerlessStep',
    example: {
      set: oneMoreStep('EMR', { Arguments: { StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } } }),
    },
    repair: 'Name a running cluster or application, or describe a new one.',
  },
  FW5049: {
    title: 'EMR cluster setting that the step makes itself',
    severity: 'warning',
    source: 'SageMaker Python SDK, EMRStep; service text not captured',
    example: {
      set: oneMoreStep('EMR', {
        Arguments: {
          StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } },
          ClusterConfig: { Name: 'mine', Instances: { InstanceGroups: [] } },
        },
      }),
    },
    repair: 'Remove it.',
  },
  FW5056: {
    title: 'Missing argument of another service',
    severity: 'warning',
    source: 'EMR, EMR Serverless and Bedrock API references; SageMaker Python SDK, bedrock_steps.py',
    example: { set: oneMoreStep('EMR', { Arguments: { ClusterId: 'j-1' } }) },
    repair: 'Add it.',
  },
  FW5051: {
    title: 'Lineage step without lineage',
    severity: 'error',
    source: 'SageMaker Python SDK, LineageStep',
    example: { set: oneMoreStep('Lineage', {}) },
    repair: 'Write Actions, Artifacts, Contexts or Associations, and nothing else.',
  },
  FW5052: {
    title: 'Unknown kind of check',
    severity: 'error',
    source: 'AWS pipeline definition schema, CheckType',
    example: {
      set: oneMoreStep('QualityCheck', { CheckType: 'DATA_BIAS', SkipCheck: true, RegisterNewBaseline: true }),
    },
    repair:
      'Use DATA_BIAS, MODEL_BIAS or MODEL_EXPLAINABILITY in ClarifyCheck, DATA_QUALITY or MODEL_QUALITY in QualityCheck.',
  },
  FW5053: {
    title: 'Check without a baseline',
    severity: 'warning',
    source: 'Developer Guide, ClarifyCheck and QualityCheck: the step fails when no earlier baseline exists',
    example: {
      set: oneMoreStep('QualityCheck', { CheckType: 'DATA_QUALITY', SkipCheck: false, RegisterNewBaseline: false }),
    },
    repair: 'Name the model package group, supply a baseline, or skip the check and register one in the first run.',
  },
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
