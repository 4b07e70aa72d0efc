import { readFile, rm, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Asset } from '../pipeline/dsl/asset.ts'
import type { PipelineDefinition } from '../schemas/definition.ts'
import { isUserError, type Origins, UserError } from '../schemas/problem.ts'
import { libraryModule } from './installation.ts'

/** A pipeline as the commands use it, whichever way it was written. */
export interface LoadedPipeline {
  readonly name: string
  readonly document: PipelineDefinition
  readonly description?: string | undefined
  readonly displayName?: string | undefined
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined
  readonly maxParallelSteps?: number | undefined
  /** `file:line` of the code that made each step; empty for a definition file. */
  readonly origins: Origins
  /** Files that must lie in S3 before an execution starts; none for a definition file. */
  readonly assets?: readonly Asset[] | undefined
  /** Absolute path of the file. */
  readonly file: string
  /** Files for local runs, by the String parameter that gets each one's S3 URI; absolute paths. */
  readonly data: Readonly<Record<string, string>>
}

/** How a pipeline file becomes a pipeline, by its extension. */
const loaders: Readonly<Record<string, (file: string) => Promise<LoadedPipeline>>> = {
  '.ts': loadProgram,
  '.mts': loadProgram,
  '.js': loadProgram,
  '.mjs': loadProgram,
  '.json': loadDefinition,
}

/** True for a word that can only be meant as a pipeline file, not as a pipeline's name. */
export const isPipelineFile = (word: string): boolean =>
  Object.hasOwn(loaders, extname(word)) || word.includes('/') || word.includes('\\')

/**
 * Loads a pipeline program or a definition file.
 *
 * @throws UserError with file and line for a missing file, a syntax error, a program that throws, and one that exports no pipeline.
 */
export async function loadPipeline(path: string): Promise<LoadedPipeline> {
  const file = resolve(path)
  const load = loaders[extname(file)]
  if (load === undefined) {
    throw new UserError(
      `${path}: a pipeline file ends in ${Object.keys(loaders).join(', ')} — this one does not — name the program or the definition JSON.`,
      { exitCode: 2 },
    )
  }
  await readPipelineFile(path)
  return load(file)
}

/** The text of a file. @throws UserError when it is missing or cannot be read. */
export async function readPipelineFile(path: string): Promise<string> {
  const file = resolve(path)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw unreadable(path, file, cause as NodeJS.ErrnoException)
  }
}

function unreadable(path: string, file: string, cause: NodeJS.ErrnoException): UserError {
  const what: Readonly<Record<string, string>> = {
    ENOENT: `there is no such file (${file}) — name an existing pipeline file — check the path and the working directory`,
    EISDIR: 'this is a folder — name the pipeline file inside it, such as pipeline.ts',
    EACCES: 'this file may not be read — its permissions must allow it — change them with chmod',
  }
  return new UserError(`${path}: ${what[cause.code ?? ''] ?? cause.message}.`, { exitCode: 2, cause })
}

async function loadDefinition(file: string): Promise<LoadedPipeline> {
  const { parseDefinitionText } = await import('./parse-definition-text.ts')
  const document = await parseDefinitionText(await readFile(file, 'utf8'), shown(file))
  // A definition has no name; CreatePipeline's pattern is [a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}.
  const name = basename(file, extname(file))
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return { name: name || 'Pipeline', document, origins: new Map(), file, data: {} }
}

async function loadProgram(file: string): Promise<LoadedPipeline> {
  startLibrary()
  const module = await importProgram(file)
  if (!('default' in module)) {
    const names = Object.keys(module)
    throw new UserError(
      `${shown(file)}: nothing is exported as default${names.length > 0 ? ` (only ${names.join(', ')})` : ''} — a pipeline file ends with "export default pipeline(…)" — export the pipeline.`,
    )
  }
  const pipeline: unknown = await module['default']
  if (!isPipeline(pipeline)) {
    throw new UserError(
      `${shown(file)}: the default export is ${nameOfValue(pipeline)} — it must be what pipeline(…) of "foldwise" returns — export the pipeline itself.`,
    )
  }
  const { name, document, description, displayName, tags, maxParallelSteps, origins, assets } = pipeline
  return {
    name,
    document,
    description,
    displayName,
    tags,
    maxParallelSteps,
    origins,
    assets,
    file,
    data: localData(module, file),
  }
}

/** Reads the library while the bundler starts; a library that cannot be read fails where the program imports it. */
function startLibrary(): void {
  const library = libraryModule('foldwise')
  if (library !== undefined) import(pathToFileURL(library).href).catch(() => undefined)
}

type PipelineShape = Pick<
  LoadedPipeline,
  'name' | 'document' | 'description' | 'displayName' | 'tags' | 'maxParallelSteps' | 'origins' | 'assets'
>

/** By its mark, not by class, so that a pipeline made by another copy of Foldwise is one too. */
const isPipeline = (value: unknown): value is PipelineShape =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'foldwise.pipeline'

function nameOfValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'function') return `a function${value.name ? ` (${value.name})` : ''}`
  return typeof value === 'object'
    ? `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no members'}`
    : `a ${typeof value}`
}

/** `export const local = { data: { InputDataUri: './iris.csv' } }`, with paths made absolute. */
function localData(module: Readonly<Record<string, unknown>>, file: string): Record<string, string> {
  const local = module['local']
  if (local === undefined) return {}
  const data = typeof local === 'object' && local !== null && 'data' in local ? local.data : undefined
  const entries = Object.entries(data ?? {})
  if (typeof data !== 'object' || data === null || entries.some(([, path]) => typeof path !== 'string')) {
    throw new UserError(
      `${shown(file)}: the export "local" has another form — it must be { data: { ParameterName: "path of a file" } } — correct it or leave it out.`,
    )
  }
  return Object.fromEntries(entries.map(([name, path]) => [name, resolve(dirname(file), path as string)]))
}

/** Bundles and imports a program of the user. @throws UserError with the user's line for what it throws. */
export async function importProgram(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { bundleProgram } = await import('./bundle-program.ts')
  const folder = await mkdtemp(join(tmpdir(), 'foldwise-'))
  try {
    // Origins of steps and places of exceptions are lines of the user's own file.
    process.setSourceMapsEnabled(true)
    const bundle = join(folder, 'pipeline.mjs')
    await writeFile(bundle, await bundleProgram(file, bundle))
    return (await import(pathToFileURL(bundle).href)) as Record<string, unknown>
  } catch (error) {
    throw explainException(error, file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An exception inside the user's program: its message with the user's line. */
function explainException(error: unknown, file: string): unknown {
  if (isUserError(error) && error.message.includes(`${basename(file)}:`)) return error
  const place = error instanceof Error ? lineOfUser(error, file) : undefined
  const where = place ?? shown(file)
  if (isUserError(error)) {
    return new UserError(`${where} — ${error.message}`, {
      exitCode: error.exitCode,
      cause: error,
      problems: error.problems,
    })
  }
  if (place === undefined && error instanceof Error && isOurOwn(error)) return error
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new UserError(`${where} — the program failed: ${what}`, { cause: error })
}

/** The innermost frame that lies in the program's folder. */
function lineOfUser(error: Error, file: string): string | undefined {
  const frames = [...(error.stack ?? '').matchAll(/\(?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+):(\d+):\d+\)?$/gm)]
  const own =
    frames.find(([, path]) => path === file) ??
    frames.find(([, path]) => path?.startsWith(dirname(file)) && !path.includes('/node_modules/'))
  return own === undefined ? undefined : `${shown(own[1] as string)}:${own[2]}`
}

const isOurOwn = (error: Error): boolean =>
  /\/dist\/[^/]+\.mjs:|\/cli\/[^/]+\.ts:/.test(error.stack?.split('\n')[1] ?? '')

/** A path as people write it: relative when it lies below the working directory. */
export function shown(file: string): string {
  const short = relative(process.cwd(), file)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? file : short
}
