import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname } from 'node:path'
import type * as Esbuild from 'esbuild'
import { mistake, show } from '../dsl/mistake.ts'
import { locateSource } from '../dsl/source-path.ts'

/** A module that is complete in itself and whose default export is a function. */
export interface FunctionBundle {
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** esbuild is loaded when the first function is bundled: pipelines without one do not wait for it. */
const loadEsbuild = (): typeof Esbuild => createRequire(import.meta.url)('esbuild') as typeof Esbuild

/** CommonJS packages inside the bundle call `require` for Node's own modules. */
const banner =
  "import { createRequire as foldwiseCreateRequire } from 'node:module'; const require = foldwiseCreateRequire(import.meta.url);"

/** Without comments and line ends, so that neither paths nor formatting change the digest. */
const output = {
  format: 'esm',
  target: 'node20',
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'ascii',
} as const

/**
 * Bundles a function that a file exports, with everything it imports.
 *
 * @param where Names the step in sentences.
 * @throws UserError for a missing file or export, a syntax error, and an import that leads nowhere
 */
export function bundleFile(where: string, file: string | URL, name: string): FunctionBundle {
  const path = locateSource(file)
  if (!existsSync(path))
    throw mistake(`${where}: file — ${path} does not exist; name the file that exports the function.`)
  const folder = dirname(path)
  const esbuild = loadEsbuild()
  const result = explained(where, () =>
    esbuild.buildSync({
      stdin: {
        contents: `export { ${JSON.stringify(name)} as default } from ${JSON.stringify(`./${basename(path)}`)}`,
        resolveDir: folder,
        sourcefile: 'foldwise-function.js',
      },
      ...output,
      absWorkingDir: folder,
      bundle: true,
      write: false,
      platform: 'node',
      mainFields: ['module', 'main'],
      banner: { js: banner },
      logLevel: 'silent',
    }),
  )
  return makeBundle(result.outputFiles[0]?.contents ?? new Uint8Array())
}

/**
 * Bundles a function by its text, which must stand on its own: nothing around it travels to the job.
 *
 * @throws UserError for a native or bound function, and for one that uses names from outside itself
 */
export function bundleText(where: string, code: (...values: never[]) => unknown): FunctionBundle {
  if (typeof code !== 'function') {
    throw mistake(`${where}: function — ${show(code)} is no function; give one, or give file and export.`)
  }
  const source = Function.prototype.toString.call(code)
  const advice = 'write it as an arrow function or with the word "function", or put it into a file and give file'
  if (/\{\s*\[native code\]\s*\}$/.test(source) || /^class\b/.test(source)) {
    throw mistake(`${where}: function — its text cannot be read or called on its own; ${advice}.`)
  }
  const esbuild = loadEsbuild()
  // Loaders such as tsx leave calls of this helper in the texts of functions.
  const helper = source.includes('__name(') ? 'const __name = value => value;' : ''
  const contents = `${helper}export default (${source}\n)`
  const foreign = foreignNames(source)
  const marked = Object.fromEntries(foreign.map(name => [name, mark + name]))
  const probe = explained(where, () =>
    esbuild.transformSync(contents, { ...output, define: marked, logLevel: 'silent' }),
  )
  const used = [...new Set(Array.from(probe.code.matchAll(marks), ([, name]) => name))]
  if (used.length > 0) {
    throw mistake(
      `${where}: function — it uses ${used.map(name => `"${name}"`).join(', ')} from outside itself, and only its own text travels to the job; pass the value in args, or put the function into a file and give file and export.`,
    )
  }
  const { code: text } = explained(where, () => esbuild.transformSync(contents, { ...output, logLevel: 'silent' }))
  return makeBundle(new TextEncoder().encode(text))
}

const mark = 'foldwise_foreign_'
const marks = new RegExp(String.raw`\b${mark}([\w$]+)`, 'g')

/** Every name in the text that Node does not define. esbuild replaces those of them that nothing in the text declares. */
function foreignNames(source: string): string[] {
  const known = new Set([...Object.getOwnPropertyNames(globalThis), ...words])
  const names = new Set(source.match(/[A-Za-z_$][\w$]*/g))
  return [...names].filter(name => !known.has(name))
}

/** Words of the language, none of which is a name from outside. */
const words = (
  'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
  'function if implements import in instanceof interface let new null package private protected public return static ' +
  'super switch this throw true try typeof var void while with yield arguments'
).split(' ')

function makeBundle(bytes: Uint8Array): FunctionBundle {
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function explained<T>(where: string, build: () => T): T {
  try {
    return build()
  } catch (cause) {
    const first = (cause as Partial<Esbuild.BuildFailure>).errors?.[0]
    if (first === undefined) throw cause
    const { location, text } = first
    const at = location === null ? '' : `${location.file}:${location.line}:${location.column + 1}: `
    throw mistake(`${where}: the function cannot be bundled — ${at}${text.replace(/\.?$/, '')} — correct it.`)
  }
}
