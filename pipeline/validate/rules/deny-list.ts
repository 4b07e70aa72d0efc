import type { StepType } from '../../../schemas/definition.ts'
import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { at, isRecord, isSet } from '../values.ts'

/** Members of the public API that the workflow service refuses in a step, with what to do instead. */
const denied: { readonly [T in StepType]?: Readonly<Record<string, string>> } = {
  RegisterModel: {
    ModelPackageName: 'Use ModelPackageGroupName: versions get their numbers from the group.',
    CertifyForMarketplace: 'Remove it.',
    Description: 'Remove it, or use ModelPackageDescription for the model package.',
  },
  AutoML: {
    ModelDeployConfig: 'Remove it, and deploy with Model, EndpointConfig and Endpoint steps.',
    GenerateCandidateDefinitionsOnly: 'Remove it.',
  },
  EndpointConfig: {
    DataCaptureConfig: 'Remove it, and switch data capture on outside the pipeline.',
    ExplainerConfig: 'Remove it.',
  },
  Endpoint: { DeploymentConfig: 'Remove it.' },
}

const none: ReadonlySet<string> = new Set()

/** Names of the members of this step that are on the deny-list, so that nobody judges them twice. */
export function deniedMembers(step: StepView): ReadonlySet<string> {
  if (!Object.hasOwn(denied, step.type)) return none
  return new Set(Object.keys(denied[step.type as StepType] ?? {}).filter(member => Object.hasOwn(step.args, member)))
}

/** Longest job name that the service makes of a prefix: `<prefix>-<execution id of 12>-<10 characters>`. */
const ADDED_TO_PREFIX = 24

export function denyList(step: StepView, scope: Scope): void {
  const { report } = scope
  const path = `${step.path}.Arguments`
  for (const member of deniedMembers(step)) {
    const repair = denied[step.type as StepType]?.[member]
    report('FW5007', path, `the service refuses ${member} in a ${step.type} step, although the API has it. ${repair}`)
  }
  checkNamePrefix(step, scope)
  const experiment = step.args['ExperimentConfig']
  if (isRecord(experiment)) {
    const others = Object.keys(experiment).filter(member => member !== 'TrialComponentDisplayName')
    if (others.length > 0) {
      report(
        'FW5038',
        `${path}.ExperimentConfig`,
        `${others.map(show).join(', ')}: in a step only TrialComponentDisplayName has a place. Set the others in PipelineExperimentConfig.`,
      )
    }
  }
}

const shortNames = new Set(['Tuning', 'AutoML'])

function checkNamePrefix(step: StepView, { report }: Scope): void {
  const member = step.kind?.nameMember
  if (member === undefined || !isSet(step.args, member) || deniedMembers(step).has(member)) return
  const name = at(step.args, member)
  const most = (shortNames.has(step.type) ? 32 : 63) - ADDED_TO_PREFIX
  if (typeof name !== 'string') return
  if (name.length > most) {
    report(
      'FW5039',
      `${step.path}.Arguments.${member}`,
      `${show(name)} is the prefix of the job's name, to which the service adds ${ADDED_TO_PREFIX} characters; at most ${most} would be right.`,
    )
  }
}
