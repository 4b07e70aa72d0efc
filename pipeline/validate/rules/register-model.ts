import type { Scope, StepView } from '../scope.ts'
import { at, isRecord, isSet, records } from '../values.ts'

/** What CreateModelPackage wants of a step beyond its shape. */
export function registerModel(step: StepView, { report }: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  if (!isSet(args, 'ModelPackageGroupName')) {
    report(
      'FW5027',
      place,
      'ModelPackageGroupName is missing; a step registers a version in a group. Write the name of the group.',
    )
  }
  const specification = args['InferenceSpecification']
  const sources = ['InferenceSpecification', 'SourceAlgorithmSpecification', 'SourceUri'].filter(member =>
    isSet(args, member),
  )
  if (sources.length === 0) {
    report(
      'FW5028',
      place,
      'InferenceSpecification is missing, so the version would hold no model. Write its Containers, content types and instance types.',
    )
  }
  if (!isRecord(specification)) return
  const containers = specification['Containers']
  if (Array.isArray(containers) && containers.length === 0) {
    report('FW5028', `${place}.InferenceSpecification.Containers`, 'no container. Add one with Image and ModelDataUrl.')
  }
  for (const [index, container] of records(containers)) {
    if (!isSet(container, 'Image') && !isSet(container, 'ModelDataSource')) {
      report(
        'FW5028',
        `${place}.InferenceSpecification.Containers[${index}]`,
        'Image is missing; without one the model cannot be deployed.',
      )
    }
  }
  for (const member of [
    'SupportedContentTypes',
    'SupportedResponseMIMETypes',
    'SupportedRealtimeInferenceInstanceTypes',
    'SupportedTransformInstanceTypes',
  ]) {
    const list = at(specification, member)
    if (list === undefined || (Array.isArray(list) && list.length === 0)) {
      report(
        'FW5026',
        `${place}.InferenceSpecification`,
        `${member} is missing or empty; whoever deploys the version needs it.`,
      )
    }
  }
}
