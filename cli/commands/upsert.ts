import { allowances, checkPipeline } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { deploy } from '../deploy.ts'
import { shared, targetFlags, text } from '../flags.ts'
import { loadPipeline } from '../load-pipeline.ts'
import { withTarget } from '../target.ts'

/** `foldwise upsert`: create or update, and nothing when nothing changed. */
export const upsert = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    roleArn: text('--role-arn <arn>', 'execution role; needed when the pipeline is created'),
    bucket: text(
      '--bucket <name>',
      'bucket for definitions of 100 KiB and more (default: sagemaker-<region>-<account>)',
    ),
    allow: shared.allow,
    ...targetFlags,
  },
  examples: [
    'foldwise upsert pipeline.ts --role-arn arn:aws:iam::123456789012:role/PipelineRole',
    'foldwise upsert pipeline.ts --local',
  ],
  run: async ([file], { roleArn, bucket, allow, ...target }, host) => {
    const loaded = await loadPipeline(file ?? '')
    await checkPipeline(loaded, host, await allowances(loaded.file, allow))
    const result = await withTarget(target, ({ clients }) => deploy(clients, loaded, { roleArn, bucket }))
    const changes = result.changes.length === 0 ? '' : ` (${result.changes.join(', ')})`
    const version = result.versionId === undefined ? '' : ` as version ${result.versionId}`
    return {
      data: { name: loaded.name, ...result },
      text: colors => `${loaded.name} ${colors.bold(result.action)}${version}${changes}\n${colors.dim(result.arn)}`,
    }
  },
})
