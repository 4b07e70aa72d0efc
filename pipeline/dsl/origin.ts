import { isAbsolute, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * `file:line` of the user's code that is running: the first frame that lies outside Foldwise's own files.
 *
 * Stack texts are read, not call sites, because only the text follows source maps.
 */
export function captureOrigin(): string | undefined {
  return originOf(captureStack())
}

/** The stack as it is now, which costs little until its text is read: most steps are never asked for their origin. */
export function captureStack(): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  const stack = new Error('the place where a step was made')
  Error.stackTraceLimit = limit
  return stack
}

/** The origin as of a captured stack. */
export function originOf(captured: Error): string | undefined {
  for (const line of (captured.stack ?? '').split('\n').slice(1)) {
    if (ownFolders.some(folder => line.includes(folder))) continue
    const frame = /(?:\(|at (?:async )?)((?:file:|\/|[A-Za-z]:[\\/]).*?):(\d+):\d+\)?$/.exec(line)
    if (frame !== null) return `${toPath(frame[1] ?? '')}:${frame[2]}`
  }
  return undefined
}

/** An origin as people like to read it: relative to the working directory when it lies below it. */
export function formatOrigin(origin: string): string {
  const short = relative(process.cwd(), origin)
  return short.startsWith('..') || isAbsolute(short) ? origin : short
}

/** A program makes its steps in a few files. */
const paths = new Map<string, string>()

/**
 * Source files and bundles of this package, as paths and as URLs; with source maps a bundle's frames name the sources.
 */
const ownFolders = ['pipeline', 'dist', 'schemas'].flatMap(name => {
  const folder = `${packageRoot()}/${name}/`
  return [folder, pathToFileURL(folder).href]
})

function packageRoot(): string {
  return toPath(import.meta.url).replace(/\/(pipeline\/dsl|dist(\/.*)?)\/[^/]*$/, '')
}

function toPath(file: string): string {
  const known = paths.get(file)
  if (known !== undefined) return known
  const path = (file.startsWith('file:') ? fileURLToPath(file) : file).replaceAll('\\', '/')
  paths.set(file, path)
  return path
}
