import { type Change, diffDefinitions, isEmptyDifference } from '../../pipeline/definition/index.ts'
import { describePipeline, settingChanges } from '../../pipeline/service/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { UserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { deployedDocument } from '../deployed-document.ts'
import { shared, targetFlags, toggle } from '../flags.ts'
import { type LoadedPipeline, loadPipeline } from '../load-pipeline.ts'
import { parseDefinitionText } from '../parse-definition-text.ts'
import { renderDifference, summarizeDifference } from '../render/difference.ts'
import { type TargetFlags, askTarget } from '../target.ts'

/** `foldwise diff`: what an upsert would change. */
export const diff = defineCommand({
  positionals: [
    { words: '<file>', help: 'pipeline program or definition, as it should be' },
    { words: '[before]', help: 'program or definition to compare with (default: what is deployed)' },
  ],
  flags: {
    fail: toggle('--fail', 'exit with 1 when something differs'),
    pipelineVersion: shared.pipelineVersion,
    ...targetFlags,
  },
  examples: [
    'foldwise diff pipeline.ts',
    'foldwise diff pipeline.ts --pipeline-version 3',
    'foldwise diff pipeline.ts out/before.json --fail',
  ],
  run: async ([file = '', before], { fail, pipelineVersion, ...target }) => {
    if (before !== undefined && pipelineVersion !== undefined) {
      throw new UserError(
        '--pipeline-version is a version of what is deployed — leave it out, or the file to compare with.',
        {
          exitCode: 2,
        },
      )
    }
    const loaded = await loadPipeline(file)
    const old =
      before === undefined
        ? await deployed(loaded, target, pipelineVersion)
        : { document: (await loadPipeline(before)).document, settings: [] }
    if (old === undefined) {
      return {
        data: { name: loaded.name, deployed: false, different: true },
        text: () => `${loaded.name} is not deployed: an upsert would create it.`,
        exitCode: fail ? 1 : 0,
      }
    }
    const { document, settings } = old
    const difference = diffDefinitions(document, loaded.document)
    const different = !isEmptyDifference(difference) || settings.length > 0
    return {
      data: { name: loaded.name, deployed: before === undefined, different, settings, ...difference },
      text: colors =>
        different
          ? `${renderDifference(difference, colors, settings)}\n\n${loaded.name}: ${summarizeDifference(difference, settings)}`
          : `${loaded.name}: no differences`,
      exitCode: different && fail ? 1 : 0,
    }
  },
})

/** What is compared with. */
interface Before {
  readonly document: PipelineDefinition
  /** What differs beside the definition. */
  readonly settings: readonly Change[]
}

/** Undefined when there is no such pipeline; a version that is asked for must be there. */
async function deployed(
  loaded: LoadedPipeline,
  target: TargetFlags,
  version: number | undefined,
): Promise<Before | undefined> {
  const { name } = loaded
  if (version !== undefined) {
    const document = await askTarget(target, ({ clients }) => deployedDocument(clients, name, version))
    return { document, settings: [] }
  }
  const pipeline = await askTarget(target, ({ clients }) => describePipeline(clients, name))
  const text = pipeline?.PipelineDefinition
  if (pipeline === undefined || text === undefined) return undefined
  const document = await parseDefinitionText(text, `deployed pipeline "${name}"`)
  return { document, settings: settingChanges(loaded, pipeline) }
}
