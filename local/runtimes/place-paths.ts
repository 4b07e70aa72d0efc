import { join } from 'node:path'
import { BASE_DIR_VARIABLE } from '../../schemas/opt-ml.ts'
import type { ContainerCommand, ContainerPlace } from './runtime.ts'

/** The program's own search path; everything else of the caller's environment stays away from jobs. */
const searchPath = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'

/**
 * An argument or a value that begins with `/opt/ml` or with the image's program folder, moved to where that lies here.
 * Anything else stays as it is.
 */
export function placePath(text: string, place: ContainerPlace): string {
  // Programs first: an image may have them below /opt/ml, as in /opt/ml/code.
  const { programs } = place
  return (programs && below(text, programs.root, programs.folder)) ?? below(text, '/opt/ml', place.ml) ?? text
}

function below(text: string, root: string, folder: string): string | undefined {
  if (text !== root && !text.startsWith(`${root}/`)) return undefined
  const rest = text.slice(root.length)
  // `/opt/ml/../..` would lead out of the sandbox; the program gets it as it is, where it finds nothing.
  return rest.split('/').includes('..') ? undefined : join(folder, rest)
}

/**
 * The whole environment of a job's process, made from nothing: search path, home, temporary folder, language, the root of
 * `/opt/ml`, and the job's own variables.
 */
export function placeEnvironment(
  container: Pick<ContainerCommand, 'environment'>,
  place: ContainerPlace,
): Record<string, string> {
  const own = Object.entries(container.environment).map(([name, value]) => [name, placePath(value, place)])
  return {
    PATH: searchPath,
    HOME: place.home,
    TMPDIR: place.temporary,
    LANG: 'C.UTF-8',
    ...Object.fromEntries(own),
    [BASE_DIR_VARIABLE]: place.ml,
  }
}
