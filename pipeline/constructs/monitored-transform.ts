import { mistake, show } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import { type ClarifyCheckOptions, type ClarifyCheckStep, clarifyCheckStep } from '../dsl/steps/clarify-check.ts'
import { type QualityCheckOptions, type QualityCheckStep, qualityCheckStep } from '../dsl/steps/quality-check.ts'
import { type TransformOptions, type TransformStep, transformStep } from '../dsl/steps/transform.ts'

/** What examines the data or the predictions; its steps to wait for and its texts are those of the whole. */
type Shared = 'dependsOn' | 'displayName' | 'description'
type WithoutShared<T> = T extends unknown ? Omit<T, Shared> & { readonly [K in Shared]?: never } : never
type Monitoring = WithoutShared<QualityCheckOptions> | WithoutShared<ClarifyCheckOptions>

export interface MonitoredTransformOptions<M extends Monitoring = Monitoring> {
  /** The batch transform, as `transformStep` takes it. */
  readonly transform: WithoutShared<TransformOptions>
  /** The check, as `qualityCheckStep` or `clarifyCheckStep` takes it. */
  readonly monitoring: M
  /**
   * Check the data before they are transformed. Only for `DATA_QUALITY` and `MODEL_EXPLAINABILITY`: the other checks read the
   * predictions. @default false
   */
  readonly monitorFirst?: boolean
  /** Steps to wait for, for whichever of the two comes first. */
  readonly dependsOn?: readonly (Step | string)[]
  /** `-transform` and `-monitoring` are appended. */
  readonly displayName?: string
  readonly description?: string
}

/** The two steps; return it from a pipeline as it is, or put its `steps` among others. */
export interface MonitoredTransform<C extends Step = QualityCheckStep | ClarifyCheckStep> {
  readonly transform: TransformStep
  readonly monitoring: C
  readonly steps: readonly Step[]
}

type CheckStepOf<M extends Monitoring> = M['check'] extends QualityCheckOptions['check']
  ? QualityCheckStep
  : ClarifyCheckStep

/** Which checks may run before there are predictions (SageMaker Python SDK, monitor_batch_transform_step.py). */
const checks = {
  DATA_QUALITY: { kind: 'quality', mayBeFirst: true },
  MODEL_QUALITY: { kind: 'quality', mayBeFirst: false },
  DATA_BIAS: { kind: 'clarify', mayBeFirst: false },
  MODEL_BIAS: { kind: 'clarify', mayBeFirst: false },
  MODEL_EXPLAINABILITY: { kind: 'clarify', mayBeFirst: true },
} as const satisfies Record<
  (QualityCheckOptions | ClarifyCheckOptions)['check'],
  { readonly kind: 'quality' | 'clarify'; readonly mayBeFirst: boolean }
>

/**
 * A batch transform with a check of its data or predictions: the steps `<name>-transform` and `<name>-monitoring`, one after
 * the other. A violation fails the execution unless the check says otherwise.
 *
 * @throws UserError for a check that would come before the predictions that it reads
 */
export function monitoredTransform<const M extends Monitoring>(
  name: string,
  options: MonitoredTransformOptions<M>,
): MonitoredTransform<CheckStepOf<M>> {
  const { monitorFirst = false, dependsOn = [], displayName, description } = options
  const monitoring: Monitoring = options.monitoring
  const { check } = monitoring
  if (!Object.hasOwn(checks, check)) {
    throw mistake(
      `monitoredTransform "${name}": monitoring.check — ${show(check)} is no check; give one of ${Object.keys(checks).join(', ')}.`,
    )
  }
  if (monitorFirst && !checks[check].mayBeFirst) {
    throw mistake(
      `monitoredTransform "${name}": monitorFirst — ${check} reads the predictions, which only the transform makes; leave monitorFirst out.`,
    )
  }
  const names = { transform: `${name}-transform`, monitoring: `${name}-monitoring` }
  const [first, second] = monitorFirst ? (['monitoring', 'transform'] as const) : (['transform', 'monitoring'] as const)
  const shared = (part: keyof typeof names) => ({
    ...(part === second ? { dependsOn: [names[first]] } : dependsOn.length > 0 && { dependsOn }),
    ...(displayName !== undefined && { displayName: `${displayName}-${part}` }),
    ...(description !== undefined && { description }),
  })
  const transform = transformStep(names.transform, { ...options.transform, ...shared('transform') })
  const checkOptions = { skipCheck: false, failOnViolation: true, ...monitoring, ...shared('monitoring') }
  const checked =
    checks[check].kind === 'quality'
      ? qualityCheckStep(names.monitoring, checkOptions as QualityCheckOptions)
      : clarifyCheckStep(names.monitoring, checkOptions as ClarifyCheckOptions)
  return Object.freeze({
    transform,
    monitoring: checked as CheckStepOf<M>,
    steps: Object.freeze([transform, checked]),
  })
}
