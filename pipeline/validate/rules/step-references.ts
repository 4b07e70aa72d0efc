import { isBuiltInImage } from '../../../schemas/built-in-image.ts'
import type { Reference } from '../../definition/index.ts'
import { resolveProperty } from '../properties.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at, records } from '../values.ts'

/** A reference to a step: that it is there, has run before, and gives what the path names. */
export function checkStepReference(
  { step: name, segments }: Extract<Reference, { root: 'Steps' }>,
  place: string,
  step: StepView | undefined,
  scope: Scope,
): void {
  const { report, byName } = scope
  const target = byName.get(name)
  if (step === undefined) {
    report(
      'FW3014',
      place,
      'a reference to a step where no step has run yet. Use parameters and execution variables here.',
    )
    return
  }
  if (target === undefined) {
    report('FW3003', place, `there is no step ${show(name)}.${scope.suggest(name, byName.keys())}`)
    return
  }
  if (target.type === 'Fail') {
    report(
      'FW2015',
      place,
      `${show(name)} is a Fail step, which gives nothing and ends the execution. Remove the reference.`,
    )
    return
  }
  if (target.name === step.name) {
    report(
      'FW2013',
      place,
      'the step refers to what it gives itself. Refer to an earlier step, or to Execution.TrainingJobName or Execution.ProcessingJobName for the name of its job.',
    )
    return
  }
  const [first, second] = segments
  if (first?.kind === 'member' && first.name === 'PropertyFiles' && place.endsWith('.PropertyFile')) {
    checkPropertyFile(
      target,
      second?.kind === 'member' ? second.name : second?.kind === 'key' ? second.key : '',
      place,
      scope,
    )
    return
  }
  checkProperty(target, segments, place, scope)
}

function checkProperty(
  target: StepView,
  segments: Parameters<typeof resolveProperty>[1],
  place: string,
  scope: Scope,
): void {
  const { report, suggest } = scope
  const property = resolveProperty(target, segments)
  const step = show(target.name)
  switch (property.kind) {
    case 'leaf':
      warnOfOpenMetric(target, segments, place, scope)
      return
    case 'unchecked':
      return
    case 'inner':
      report(
        'FW3011',
        place,
        `the path ends at a ${property.shape} of ${step}, and only a single value can be passed on. Go on to a member below it.`,
      )
      return
    case 'doubtful':
    case 'absent': {
      const last = segments.find(segment => segment.kind === 'member' && !property.candidates.includes(segment.name))
      const wrong = last?.kind === 'member' ? last.name : ''
      const named = wrong === '' ? 'what the path names' : show(wrong)
      const meant = suggest(wrong, property.candidates)
      if (property.kind === 'absent') {
        report(
          'FW3006',
          place,
          `${property.what} has no ${named}.${meant} When the service has a newer member, allow FW3006 here with that reason.`,
        )
      } else {
        report(
          'FW3036',
          place,
          `${property.what} is not known to give ${named}; ${oneOf(property.candidates)} would be right.${meant}`,
        )
      }
      return
    }
    case 'undeclared': {
      const declared =
        property.declared.length === 0 ? 'It declares none.' : `It declares ${oneOf(property.declared.map(show))}.`
      const code = property.list === 'output parameters' ? 'FW3009' : 'FW3007'
      report(
        code,
        place,
        `${step} declares no ${property.list} ${show(property.key)}. ${declared}${suggest(property.key, property.declared)}`,
      )
      return
    }
    case 'index':
      report(
        'FW3010',
        place,
        `index ${property.index} of ${property.list}, which gives the ${property.max + 1} best: 0 to ${property.max} would be right.`,
      )
      return
    default:
      property satisfies never
  }
}

/** A metric of a training that declares none exists only when the algorithm brings its own. */
function warnOfOpenMetric(
  target: StepView,
  segments: Parameters<typeof resolveProperty>[1],
  place: string,
  { report }: Scope,
): void {
  const [list, key] = segments
  if (
    target.type !== 'Training' ||
    list?.kind !== 'member' ||
    list.name !== 'FinalMetricDataList' ||
    key?.kind !== 'key'
  )
    return
  const declared = at(target.args, 'AlgorithmSpecification', 'MetricDefinitions')
  if (Array.isArray(declared) && declared.length > 0) return
  if (isBuiltInImage(at(target.args, 'AlgorithmSpecification', 'TrainingImage'))) return
  report(
    'FW3008',
    place,
    `${show(target.name)} has no MetricDefinitions, so the metric ${show(key.key)} exists only when a built-in algorithm brings it. For an own image add a MetricDefinition with a regular expression.`,
  )
}

function checkPropertyFile(target: StepView, name: string, place: string, { report, suggest }: Scope): void {
  if (target.type !== 'Processing') {
    report(
      'FW3020',
      place,
      `${show(target.name)} is a ${target.type} step. Property files belong to Processing steps: read the file with Std:JsonGet and S3Uri instead.`,
    )
    return
  }
  const files = records(target.fields['PropertyFiles'])
    .map(([, file]) => file['PropertyFileName'])
    .filter(file => typeof file === 'string')
  if (files.includes(name)) return
  const declared = files.length === 0 ? 'It has none: add PropertyFiles to it.' : `It has ${oneOf(files.map(show))}.`
  report('FW3020', place, `${show(target.name)} has no property file ${show(name)}. ${declared}${suggest(name, files)}`)
}
