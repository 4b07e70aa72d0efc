import { buildGraph, placedSteps } from '../../pipeline/definition/index.ts'
import { defineCommand } from '../command.ts'
import { choice } from '../flags.ts'
import { type GraphFormat, graphFormats } from '../graph-formats.ts'
import { loadPipeline } from '../load-pipeline.ts'

/** `foldwise graph`: steps and order, for documents and pull requests. */
export const graph = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    format: choice('--format <format>', 'language of the drawing', Object.keys(graphFormats) as GraphFormat[]),
  },
  examples: ['foldwise graph pipeline.ts', 'foldwise graph pipeline.ts --format dot | dot -Tsvg > pipeline.svg'],
  run: async ([file = ''], { format = 'mermaid' }) => {
    const { document } = await loadPipeline(file)
    return {
      data: {
        steps: placedSteps(document).map(({ step: { Name, Type }, branches }) => ({
          name: Name,
          type: Type,
          branches,
        })),
        edges: buildGraph(document).edges,
      },
      text: () => graphFormats[format](document),
    }
  },
})
