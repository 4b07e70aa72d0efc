import { DEFINITION_VERSION } from '../../../schemas/definition.ts'
import { checkShape } from '../../../schemas/service-model/check-shape.ts'
import { shapeOf } from '../../../schemas/service-model/service-model.ts'
import type { Code } from '../catalogue.ts'
import type { PipelineFacts } from '../options.ts'
import type { Scope } from '../scope.ts'
import { show } from '../show.ts'
import { at } from '../values.ts'

/** Steps that the service was seen to take; AWS's own integration tests create that many. */
const SEEN_STEPS = 2000
/** The quota that third-party pages name for an account that never asked for more. */
const NAMED_STEPS = 50

/** Version, number of steps, experiment names. */
export function documentBasics(scope: Scope): void {
  const { document, report, steps } = scope
  if (document['Version'] !== undefined && document['Version'] !== DEFINITION_VERSION) {
    report(
      'FW1004',
      'Version',
      `${show(document['Version'])} is no version of the definition language; "${DEFINITION_VERSION}" is the only one.`,
    )
  }
  if (Array.isArray(document['Steps']) && document['Steps'].length === 0) {
    report('FW1008', 'Steps', 'no step. An execution of this pipeline would do nothing; add a step.')
  }
  if (steps.length > SEEN_STEPS) {
    report(
      'FW2025',
      'Steps',
      `${steps.length} steps; more than ${SEEN_STEPS} were never seen to be accepted. Let one step do the work of several.`,
    )
  } else if (steps.length > NAMED_STEPS) {
    report(
      'FW2025',
      'Steps',
      `${steps.length} steps. The service took ${SEEN_STEPS} in AWS's own tests, but some accounts have a quota of ${NAMED_STEPS}: look up the quota "steps per pipeline" of yours.`,
    )
  }
  for (const member of ['ExperimentName', 'TrialName']) {
    const name = at(document['PipelineExperimentConfig'], member)
    if (typeof name === 'string' && checkShape(name, 'ExperimentEntityName').length > 0) {
      report(
        'FW1023',
        `PipelineExperimentConfig.${member}`,
        `${show(name)} is no experiment name; 1 to 120 letters, digits and single hyphens inside would be right.`,
      )
    }
  }
}

/** What CreatePipeline takes beside the document. */
export function pipelineFacts(facts: PipelineFacts, report: Scope['report']): void {
  const checks: readonly (readonly [keyof PipelineFacts, string, Code])[] = [
    ['name', 'PipelineName', 'FW1025'],
    ['displayName', 'PipelineName', 'FW1025'],
    ['description', 'PipelineDescription', 'FW1025'],
  ]
  for (const [fact, shape, code] of checks) {
    const value = facts[fact]
    if (value === undefined || checkShape(value, shape).length === 0) continue
    const { max } = shapeOf(shape)
    const right =
      shape === 'PipelineName'
        ? `1 to ${max} letters, digits and hyphens that are not at an end`
        : `at most ${max} characters`
    report(code, '', `the pipeline's ${fact} ${show(value)} is refused by CreatePipeline; ${right} would be right.`)
  }
  if (facts.name !== undefined && facts.name.length > LONGEST_SEEN_NAME && facts.name.length <= 256) {
    report(
      'FW1029',
      '',
      `the pipeline's name has ${facts.name.length} characters. The API model allows 256, but users saw names over ${LONGEST_SEEN_NAME} refused; choose a shorter one.`,
    )
  }
  const parallel = facts.maxParallelSteps
  if (parallel !== undefined && (!Number.isInteger(parallel) || parallel < 1)) {
    report('FW4013', '', `at most ${parallel} steps at once; a whole number from 1 would be right.`)
  }
}

/** SageMaker Python SDK, issue 2933. */
const LONGEST_SEEN_NAME = 82
