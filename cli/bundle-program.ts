import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildFailure, Loader, Plugin } from 'esbuild'
import { UserError } from '../schemas/problem.ts'
import { libraryModule } from './installation.ts'

/** By `require`: for an `import` Node would first read all of this CommonJS package for the names of its exports (50 ms). */
const { build } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild')

/**
 * Bundles a pipeline program into one ES module text.
 *
 * `foldwise` becomes this installation's modules, so that program and command line share their instances. Compiled
 * packages stay where they are, named by their absolute path; packages in TypeScript are bundled.
 *
 * @param outfile Where the text will lie; paths of the source map are relative to it.
 * @throws UserError with file and line for a syntax error and for an import that leads nowhere.
 */
export async function bundleProgram(file: string, outfile: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      mainFields: ['module', 'main'],
      sourcemap: 'inline',
      sourcesContent: false,
      define: { 'import.meta.url': urlName },
      plugins: [libraryPlugin, packagesPlugin, moduleUrlPlugin],
      logLevel: 'silent',
    })
    return result.outputFiles[0]?.text ?? ''
  } catch (cause) {
    throw explainFailure(cause, file)
  }
}

const urlName = '__foldwiseModuleUrl'

const libraryPlugin: Plugin = {
  name: 'foldwise-library',
  setup(setup) {
    setup.onResolve({ filter: /^foldwise(\/.*)?$/ }, ({ path }) => {
      const module = libraryModule(path)
      if (module === undefined) return { errors: [{ text: `This installation of Foldwise has no "${path}"` }] }
      return { path: pathToFileURL(module).href, external: true }
    })
  },
}

const compiled = new Set(['.js', '.mjs', '.cjs', '.node', '.json'])

const packagesPlugin: Plugin = {
  name: 'foldwise-packages',
  setup(setup) {
    const asking = Symbol('asking')
    setup.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === asking || kind === 'entry-point') return undefined
      const found = await setup.resolve(path, { kind, importer, resolveDir, pluginData: asking })
      if (found.errors.length > 0 || found.external) return found
      // A compiled package runs as it is; JSON would need an import attribute that its importer did not write.
      if (!found.path.includes('node_modules') || !compiled.has(extname(found.path)) || found.path.endsWith('.json'))
        return found
      return { path: pathToFileURL(found.path).href, external: true }
    })
  },
}

/** `import.meta.url` stays the file that the user wrote, although the bundle lies elsewhere. */
const moduleUrlPlugin: Plugin = {
  name: 'foldwise-module-url',
  setup(setup) {
    setup.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const url = JSON.stringify(pathToFileURL(path).href)
      // On the first line without a line end, so that line numbers stay.
      return { contents: `const ${urlName} = ${url}; ${text}`, loader: loaderOf(path), resolveDir: dirname(path) }
    })
  },
}

const loaderOf = (path: string): Loader => (/\.[cm]?ts$/.test(path) ? 'ts' : 'js')

function explainFailure(cause: unknown, file: string): unknown {
  const first = (cause as Partial<BuildFailure>).errors?.[0]
  if (first === undefined) return cause
  const { location, text } = first
  const where = location === null ? file : `${location.file}:${location.line}:${location.column + 1}`
  return new UserError(`${where} — ${text.replace(/\.?$/, '')} — correct the program.`, { cause })
}
