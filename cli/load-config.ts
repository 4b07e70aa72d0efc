import { dirname, isAbsolute, resolve } from 'node:path'
import * as z from 'zod'
import { UserError } from '../schemas/problem.ts'
import type { LocalSageMakerOptions } from '../local/index.ts'
import type { Allowance } from '../pipeline/validate/index.ts'
import { findConfig } from './find-config.ts'
import { importProgram, shown } from './load-pipeline.ts'

/** What a configuration file says about the local SageMaker. */
export type LocalConfig = Pick<LocalSageMakerOptions, 'images' | 'functions' | 'switches' | 'runtimes' | 'runtime'>

/** A whole configuration file. */
export interface Config {
  readonly local: LocalConfig
  /** Problems to live with, in every pipeline that the file is for. */
  readonly allow: readonly Allowance[]
}

const aFunction = <T>(what: string): z.ZodType<T> => z.custom<T>(value => typeof value === 'function', what)

type Matches = NonNullable<LocalConfig['images']>[number]['matches']

const imageSchema = z
  .strictObject({
    /** What the last part of the repository's name begins with, such as `my-training`, or a function of repository and image. */
    matches: z.union([z.string().min(1), aFunction<Matches>('a function')], {
      error:
        'it must be the beginning of a repository name, such as "my-training", or a function (repository, image) => boolean',
    }),
    runtime: z.string().min(1).default('node'),
    entrypoint: z.array(z.string()).optional(),
    programs: z.strictObject({ root: z.string().startsWith('/'), folder: z.string() }).optional(),
  })
  .readonly()

const configSchema = z.strictObject({
  images: z.array(imageSchema).optional(),
  functions: z
    .record(
      z.string(),
      z.union([z.url({ protocol: /^https?$/ }), aFunction<(event: object) => unknown>('a function')], {
        error: 'it must be a function of the event or an http URL',
      }),
    )
    .optional(),
  switches: z
    .strictObject({
      afterFailure: z.enum(['finish-running', 'run-independent']).optional(),
      stringOrder: z.enum(['lexicographic', 'numeric']).optional(),
      interrupted: z.enum(['resume', 'fail']).optional(),
    })
    .optional(),
  runtimes: z
    .record(
      z.string(),
      z.looseObject({
        prepare: aFunction<NonNullable<LocalConfig['runtimes']>[string]['prepare']>('it must be a function'),
      }),
    )
    .optional(),
  runtime: z.literal('container').optional(),
  allow: z
    .array(
      z.strictObject({
        code: z.string({ error: 'it must be a code of "foldwise explain", such as "FW5001"' }),
        path: z.string({ error: 'it must be a place such as "Steps.Train"' }).optional(),
        reason: z.string().min(1, 'it must say why this is right here'),
      }),
    )
    .optional(),
})

/**
 * Loads `foldwise.config.ts` (or `.mts`, `.js`, `.mjs`) from the pipeline's folder, else from the working directory.
 *
 * @returns An empty configuration when there is no file.
 * @throws UserError for a file that fails, exports something else, or has a wrong member.
 */
export async function loadConfig(pipelineFile?: string): Promise<Config> {
  const file = findConfig(pipelineFile)
  if (file === undefined) return { local: {}, allow: [] }
  const module = await importProgram(file)
  const value: unknown = await module['default']
  const parsed = configSchema.safeParse(value)
  if (!parsed.success) throw new UserError(sentence(file, value, parsed.error.issues[0]), { exitCode: 2 })
  const { allow = [], images, ...rest } = parsed.data
  const local: LocalConfig = {
    ...(rest as LocalConfig),
    ...(images === undefined
      ? {}
      : {
          images: images.map(({ matches, programs, entrypoint, runtime }) => ({
            matches: typeof matches === 'function' ? matches : beginsWith(matches),
            runtime,
            ...(entrypoint === undefined ? {} : { entrypoint }),
            ...(programs === undefined
              ? {}
              : { programs: { root: programs.root, folder: absolute(programs.folder, dirname(file)) } }),
          })),
        }),
  }
  return { local, allow: allow as readonly Allowance[] }
}

const beginsWith =
  (start: string): Matches =>
  repository =>
    repository.slice(repository.lastIndexOf('/') + 1).startsWith(start)

const absolute = (path: string, folder: string): string => (isAbsolute(path) ? path : resolve(folder, path))

function sentence(file: string, value: unknown, issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path ?? []
  if (path.length === 0 && (typeof value !== 'object' || value === null)) {
    return `${shown(file)}: the default export is ${value === undefined ? 'missing' : `a ${typeof value}`} — it must be an object such as { images: [], functions: {}, switches: {} } — end the file with "export default { … }".`
  }
  const place = path.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`,
  )
  const given = path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], value)
  const found =
    path.length === 0
      ? ''
      : ` — it is ${typeof given === 'string' ? JSON.stringify(given) : given === undefined ? 'missing' : `a ${typeof given}`}`
  return `${shown(file)}: ${place.join('') || 'the default export'}${found} — ${issue?.message ?? 'it is wrong'} — correct the file.`
}
