import { diffDefinitions } from '../../pipeline/definition/index.ts'
import { isUserError } from '../../schemas/problem.ts'
import { allowances, checkPipeline } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { deploy } from '../deploy.ts'
import { shared, targetFlags, text, toggle } from '../flags.ts'
import type { Host } from '../host.ts'
import { type LoadedPipeline, loadPipeline } from '../load-pipeline.ts'
import { parseDefinitionText } from '../parse-definition-text.ts'
import { renderDifference } from '../render/difference.ts'
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
    force: toggle('--force', 'overwrite a definition that somebody else put or changed'),
    allow: shared.allow,
    ...targetFlags,
  },
  examples: [
    'foldwise upsert pipeline.ts --role-arn arn:aws:iam::123456789012:role/PipelineRole',
    'foldwise upsert pipeline.ts --local',
  ],
  run: async ([file], { roleArn, bucket, force, allow, ...target }, host) => {
    const loaded = await loadPipeline(file ?? '')
    await checkPipeline(loaded, host, {
      allow: await allowances(loaded.file, allow),
      region: target.local
        ? undefined
        : (target.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']),
    })
    const result = await withTarget(target, ({ clients }) =>
      deploy(clients, loaded, {
        roleArn,
        bucket,
        force,
        beforeRefusal: deployed => showOverwritten(loaded, deployed.PipelineDefinition ?? '', host),
      }),
    )
    if (result.unrecorded !== undefined && result.action !== 'unchanged') {
      host.note(
        `${host.err.colors.yellow('warning')} ${result.unrecorded} — so nothing records that this definition is yours, and the next change needs --force.`,
      )
    }
    const changes = result.changes.length === 0 ? '' : ` (${result.changes.join(', ')})`
    const version = result.versionId === undefined ? '' : ` as version ${result.versionId}`
    return {
      data: { name: loaded.name, ...result },
      text: colors => `${loaded.name} ${colors.bold(result.action)}${version}${changes}\n${colors.dim(result.arn)}`,
    }
  },
})

/** What is deployed against what would be put in its place; or why that cannot be shown, before the refusal itself. */
async function showOverwritten(loaded: LoadedPipeline, deployed: string, host: Host): Promise<void> {
  try {
    const before = await parseDefinitionText(deployed, `deployed pipeline "${loaded.name}"`)
    const difference = renderDifference(diffDefinitions(before, loaded.document), host.err.colors)
    host.note(`An upsert would change what is deployed:\n${difference}\n`)
  } catch (error) {
    if (!isUserError(error)) throw error
    host.note(error.message)
  }
}
