import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Names of the configuration file, the first that is there counts. */
const configNames = ['ts', 'mts', 'js', 'mjs'].map(extension => `foldwise.config.${extension}`)

/** The configuration file in the pipeline's folder, else in the working directory; undefined when there is none. */
export function findConfig(pipelineFile?: string): string | undefined {
  const folders = [...(pipelineFile === undefined ? [] : [dirname(resolve(pipelineFile))]), process.cwd()]
  return folders.flatMap(folder => configNames.map(name => join(folder, name))).find(path => existsSync(path))
}
