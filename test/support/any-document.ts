import fc from 'fast-check'
import { stepKinds } from '../../pipeline/definition/index.ts'

const name = fc.oneof(fc.constantFrom('A', 'B', 'C', '__proto__', 'a b', ''), fc.string({ maxLength: 5 }))
/** Objects that cannot be turned into text are JSON too. */
const junk = fc.oneof(
  { weight: 9, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"toString": 1, "valueOf": null, "__proto__": 2}') as object) },
)
const path = fc.oneof(
  fc.constantFrom(
    'Parameters.A',
    'Parameters.',
    'Execution.PipelineName',
    'Steps.A',
    'Steps.A.PropertyFiles.F',
    "Steps.B.OutputParameters['o']",
    'Steps.C.Outcome',
    "Steps.A.ProcessingOutputConfig.Outputs['x'].S3Output.S3Uri",
    'Steps.B.TrainingJobSummaries[99].x',
    'x',
  ),
  fc.string({ maxLength: 12 }),
)

const { expression } = fc.letrec(tie => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    path.map(Get => ({ Get })),
    junk.map(Get => ({ Get })),
    fc
      .record(
        { On: fc.oneof(fc.constant('/'), junk), Values: fc.oneof(fc.array(tie('value'), { maxLength: 3 }), junk) },
        { requiredKeys: [] },
      )
      .map(join => ({ 'Std:Join': join })),
    fc
      .record(
        { PropertyFile: tie('value'), S3Uri: tie('value'), Path: fc.oneof(fc.constantFrom('a.b', '$..a', 'a['), junk) },
        { requiredKeys: [] },
      )
      .map(body => ({ 'Std:JsonGet': body })),
  ),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, junk, tie('expression')),
}))
const value = fc.oneof(junk, expression)

const { condition } = fc.letrec(tie => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      { Type: fc.constantFrom('Equals', 'GreaterThan', 'NotEquals'), LeftValue: value, RightValue: value },
      { requiredKeys: ['Type'] },
    ),
    fc.record(
      { Type: fc.constant('In'), QueryValue: value, Values: fc.oneof(fc.array(value, { maxLength: 2 }), junk) },
      { requiredKeys: ['Type'] },
    ),
    fc.record({ Type: fc.constant('Not'), Condition: tie('condition') }, { requiredKeys: ['Type'] }),
    fc.record(
      { Type: fc.constant('Or'), Conditions: fc.oneof(fc.array(tie('condition'), { maxLength: 2 }), junk) },
      { requiredKeys: ['Type'] },
    ),
    junk,
  ),
}))

/** Arguments with the names that rules look for, and anything below them. */
const args = fc.dictionary(
  fc.constantFrom(
    'AlgorithmSpecification',
    'ResourceConfig',
    'StoppingCondition',
    'HyperParameters',
    'InputDataConfig',
    'Environment',
    'ProcessingInputs',
    'ProcessingOutputConfig',
    'HyperParameterTuningJobConfig',
    'TrainingJobDefinition',
    'TrainingJobDefinitions',
    'InferenceSpecification',
    'ModelMetrics',
    'Containers',
    'PrimaryContainer',
    'TransformInput',
    'TransformOutput',
    'DataProcessing',
    'ProductionVariants',
    'ClusterConfig',
    'ClusterId',
    'StepConfig',
    'JobConfig',
    'ErrorMessage',
    'ModelName',
    'Actions',
    'EnableManagedSpotTraining',
    'ExperimentConfig',
    'OutputDataConfig',
  ),
  fc.oneof(
    value,
    fc.array(
      fc.dictionary(
        fc.constantFrom('InputName', 'S3Input', 'ChannelName', 'DataSource', 'Name', 'Regex', 'Outputs'),
        value,
        { maxKeys: 3 },
      ),
      { maxLength: 2 },
    ),
    fc.dictionary(
      fc.constantFrom('Outputs', 'MetricDefinitions', 'Containers', 'ParameterRanges', 'InstanceCount'),
      value,
      { maxKeys: 3 },
    ),
  ),
  { maxKeys: 4 },
)

const { step } = fc.letrec(tie => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      {
        Name: fc.oneof(name, junk),
        Type: fc.oneof(fc.constantFrom(...Object.keys(stepKinds)), junk),
        Arguments: fc.oneof(args, junk),
        DependsOn: fc.oneof(fc.array(fc.oneof(name, junk), { maxLength: 3 }), junk),
        CacheConfig: fc.oneof(junk, fc.record({ Enabled: fc.boolean(), ExpireAfter: value })),
        RetryPolicies: fc.array(
          fc.oneof(junk, fc.record({ ExceptionType: fc.oneof(fc.array(junk), junk), MaxAttempts: junk })),
          { maxLength: 2 },
        ),
        PropertyFiles: fc.array(
          fc.oneof(junk, fc.record({ PropertyFileName: value, OutputName: value, FilePath: value })),
          { maxLength: 2 },
        ),
        OutputParameters: fc.array(fc.oneof(junk, fc.record({ OutputName: value, OutputType: value })), {
          maxLength: 2,
        }),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      Name: name,
      Type: fc.constant('Condition'),
      Arguments: fc.record(
        {
          Conditions: fc.oneof(fc.array(condition, { maxLength: 2 }), junk),
          IfSteps: fc.oneof(fc.array(tie('step'), { maxLength: 2 }), junk),
          ElseSteps: fc.array(tie('step'), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    }),
  ),
}))

/** Documents that are right in places and wrong in others, so that every rule gets something to read. */
export const anyDocument = fc.record(
  {
    Version: fc.oneof(fc.constant('2020-12-01'), junk),
    Parameters: fc.oneof(
      fc.array(
        fc.record(
          {
            Name: fc.oneof(name, junk),
            Type: fc.oneof(fc.constantFrom('String', 'Integer'), junk),
            DefaultValue: value,
            EnumValues: fc.oneof(fc.array(junk), junk),
          },
          { requiredKeys: [] },
        ),
        { maxLength: 3 },
      ),
      junk,
    ),
    PipelineExperimentConfig: fc.oneof(value, fc.record({ ExperimentName: value })),
    Metadata: junk,
    Steps: fc.oneof(fc.array(step, { maxLength: 4 }), junk),
  },
  { requiredKeys: [] },
)
