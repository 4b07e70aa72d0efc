import type { Scope, StepView } from '../scope.ts'
import { isGet, parseGetPath } from '../../definition/index.ts'
import { show } from '../show.ts'
import { at, isRecord, isSet, records } from '../values.ts'

/** What CreateModel wants beyond its shape. */
export function model(step: StepView, { report }: Scope): void {
  const found = ['PrimaryContainer', 'Containers'].filter(member => isSet(step.args, member))
  if (found.length !== 1) {
    report(
      'FW5041',
      `${step.path}.Arguments`,
      `${found.length === 0 ? 'neither PrimaryContainer nor' : 'both PrimaryContainer and'} Containers; exactly one of them would be right.`,
    )
  }
}

/** What CreateAutoMLJob wants of a step beyond its shape. */
export function autoMl(step: StepView, { report }: Scope): void {
  const mode = at(step.args, 'AutoMLJobConfig', 'Mode')
  if (mode === 'ENSEMBLING' || isRecord(mode)) return
  report(
    'FW5040',
    `${step.path}.Arguments.AutoMLJobConfig`,
    `Mode is ${show(mode)}; a step supports "ENSEMBLING" only. Write "Mode": "ENSEMBLING".`,
  )
}

/** What CreateTransformJob wants beyond its shape. */
export function transform(step: StepView, { report, byName }: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  const name = args['ModelName']
  const reference = isGet(name) ? parseGetPath(name.Get) : undefined
  const source = reference?.root === 'Steps' ? byName.get(reference.step) : undefined
  if (source !== undefined && source.type !== 'Model') {
    report(
      'FW5042',
      `${place}.ModelName`,
      `the name comes from ${show(source.name)}, a ${source.type} step. A model is made by a Model step: refer to its ModelName.`,
    )
  }
  const type = at(args, 'TransformInput', 'DataSource', 'S3DataSource', 'S3DataType')
  if (type === 'AugmentedManifestFile') {
    report(
      'FW5042',
      `${place}.TransformInput`,
      'a transform reads no AugmentedManifestFile. Use S3Prefix or ManifestFile.',
    )
  }
  const split = at(args, 'TransformInput', 'SplitType')
  if (at(args, 'TransformOutput', 'AssembleWith') === 'Line' && split !== 'Line' && !isRecord(split)) {
    report(
      'FW5042',
      `${place}.TransformOutput.AssembleWith`,
      `"Line" with ${split === undefined ? 'no SplitType' : `SplitType ${show(split)}`}; records are assembled as lines only when they were split as lines. Write "SplitType": "Line", or "AssembleWith": "None".`,
    )
  }
  for (const member of ['InputFilter', 'OutputFilter']) {
    const filter = at(args, 'DataProcessing', member)
    if (typeof filter === 'string' && !filter.startsWith('$')) {
      report(
        'FW5042',
        `${place}.DataProcessing.${member}`,
        `${show(filter)} is no JSONPath; something like "$[1:]" would be right.`,
      )
    }
  }
}

/** Serverless variants of an endpoint configuration. */
export function endpointConfig(step: StepView, { report }: Scope): void {
  for (const list of ['ProductionVariants', 'ShadowProductionVariants']) {
    for (const [index, variant] of records(step.args[list])) {
      const path = `${step.path}.Arguments.${list}[${index}]`
      const serverless = variant['ServerlessConfig']
      if (!isRecord(serverless)) continue
      const memory = serverless['MemorySizeInMB']
      if (typeof memory === 'number' && memory % 1024 !== 0) {
        report(
          'FW5043',
          `${path}.ServerlessConfig.MemorySizeInMB`,
          `${memory}; a multiple of 1024 from 1024 to 6144 would be right.`,
        )
      }
      const { MaxConcurrency: most, ProvisionedConcurrency: provisioned } = serverless
      if (typeof most === 'number' && typeof provisioned === 'number' && provisioned > most) {
        report(
          'FW5043',
          `${path}.ServerlessConfig`,
          `ProvisionedConcurrency ${provisioned} is above MaxConcurrency ${most}; at most ${most} would be right.`,
        )
      }
      const instances = ['InstanceType', 'InitialInstanceCount'].filter(member => isSet(variant, member))
      if (instances.length > 0)
        report(
          'FW5043',
          path,
          `${instances.join(' and ')} beside ServerlessConfig. Remove one or the other: a serverless variant has no instances.`,
        )
    }
  }
}
