import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the installed package: it holds `dist/` and `package.json`, whether this runs bundled or from source. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Version of this installation. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version
}

/** The library modules of this installation by the name that programs import. */
const doors: Readonly<Record<string, string>> = {
  foldwise: 'index',
  'foldwise/definition': 'definition',
  'foldwise/validate': 'validate',
  'foldwise/service': 'service',
  'foldwise/local': 'local',
}

/** The file behind `foldwise` or `foldwise/<door>`; undefined for a name that is no door or a door that is not built. */
export function libraryModule(specifier: string): string | undefined {
  const door = Object.hasOwn(doors, specifier) ? doors[specifier] : undefined
  const file = door === undefined ? undefined : join(packageRoot, 'dist', `${door}.mjs`)
  return file !== undefined && existsSync(file) ? file : undefined
}
