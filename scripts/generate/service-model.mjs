import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

const source = 'schemas/service-model/source/sagemaker-2017-07-24.service-2.json.gz'
const origin = 'botocore 1.43.67, sagemaker/2017-07-24/service-2.json (Apache-2.0)'
const sha256 = '5fd7031e17bf7fefd596aa5a92ac8dc20c7e441c9431b2cfff2f38a1a999da21'

/** Resources whose create, describe, stop, delete, update and list operations a pipeline or the local SageMaker touches. */
const resources = [
  'ProcessingJob',
  'TrainingJob',
  'TransformJob',
  'HyperParameterTuningJob',
  'AutoMLJob',
  'AutoMLJobV2',
  'Model',
  'ModelPackage',
  'ModelPackageGroup',
  'Endpoint',
  'EndpointConfig',
  'InferenceComponent',
  'Job',
  'Pipeline',
  'Experiment',
  'Trial',
  'TrialComponent',
  'Action',
  'Artifact',
  'Context',
  'Association',
] // prettier-ignore
const verbs = ['Create', 'Describe', 'Stop', 'Delete', 'Update', 'List']
const others = [
  'ListPipelineExecutions',
  'ListPipelineExecutionSteps',
  'ListPipelineParametersForExecution',
  'ListPipelineVersions',
  'DescribePipelineDefinitionForExecution',
  'DescribePipelineExecution',
  'StartPipelineExecution',
  'StopPipelineExecution',
  'RetryPipelineExecution',
  'UpdatePipelineExecution',
  'UpdatePipelineVersion',
  'SendPipelineExecutionStepSuccess',
  'SendPipelineExecutionStepFailure',
  'ListTrainingJobsForHyperParameterTuningJob',
  'ListCandidatesForAutoMLJob',
  'AddTags',
  'DeleteTags',
  'ListTags',
  'AddAssociation',
  'AssociateTrialComponent',
  'DisassociateTrialComponent',
  'Search',
] // prettier-ignore
const dropped = new Set([
  'documentation',
  'locationName',
  'synthetic',
  'sensitive',
  'box',
  'exception',
  'error',
  'fault',
])

/** The service model cut to what Foldwise needs: operations with their shapes, constraints kept, documentation dropped. */
export async function serviceModel() {
  const packed = await readFile(source)
  const found = createHash('sha256').update(packed).digest('hex')
  if (found !== sha256) throw new Error(`${source} has sha256 ${found}, expected ${sha256}`)
  const model = JSON.parse(gunzipSync(packed).toString('utf8'))

  const wanted = new Set([
    ...verbs.flatMap(verb => resources.flatMap(name => [verb + name, `${verb}${name}s`])),
    ...others,
  ])
  const operations = {}
  const shapes = {}
  const keep = name => {
    if (name in shapes) return
    const { members, member, key, value, ...rest } = model.shapes[name]
    const shape = Object.fromEntries(Object.entries(rest).filter(([field]) => !dropped.has(field)))
    shapes[name] = shape
    if (members) {
      shape.members = Object.fromEntries(Object.entries(members).map(([field, target]) => [field, target.shape]))
    }
    if (member) shape.member = member.shape
    if (key) Object.assign(shape, { key: key.shape, value: value.shape })
    for (const next of [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value])
      if (next) keep(next)
  }
  for (const [name, operation] of Object.entries(model.operations)) {
    if (!wanted.has(name)) continue
    const { input, output, errors = [] } = operation
    operations[name] = {
      ...(input && { input: input.shape }),
      ...(output && { output: output.shape }),
      errors: errors.map(error => error.shape),
    }
    for (const shape of [input, output]) if (shape) keep(shape.shape)
  }
  const sorted = Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1)))
  const lines = Object.entries(sorted).map(([name, shape]) => `    ${JSON.stringify(name)}: ${JSON.stringify(shape)}`)
  const operationLines = Object.entries(operations).map(
    ([name, op]) => `    ${JSON.stringify(name)}: ${JSON.stringify(op)}`,
  )
  return `{
  "source": ${JSON.stringify(`${origin}; cut by scripts/generate/service-model.mjs; do not edit`)},
  "operations": {\n${operationLines.join(',\n')}\n  },
  "shapes": {\n${lines.join(',\n')}\n  }
}
`
}
