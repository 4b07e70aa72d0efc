import { basename } from 'node:path'
import { placePath } from './place-paths.ts'
import { findPython } from './python/find-python.ts'
import { pythonEnvironment } from './python/python-environment.ts'
import { prepareScript } from './python/script-mode.ts'
import { type Runtime, RuntimeRefusal } from './runtime.ts'

const pythonNames = /^python(3(\.\d+)?)?$/

/**
 * Programs in Python, run by the Python of this machine: a job's own entrypoint `["python3", "…"]`, or without one the script
 * mode of the framework images.
 */
export const pythonRuntime: Runtime = {
  prepare: async (container, place, tools) => {
    const own = container.entrypoint ?? container.imageEntrypoint
    const python = await findPython()
    if (own === undefined) return prepareScript(python, container, place, tools)
    const [program = '', ...rest] = [...own, ...container.arguments]
    if (!pythonNames.test(basename(program))) {
      throw new RuntimeRefusal(
        `The entrypoint ${JSON.stringify(program)} is not python3 — the runtime python starts only Python programs on this machine — let the entrypoint begin with "python3", or run the image itself with --runtime container.`,
      )
    }
    return {
      file: python,
      arguments: rest.map(argument => placePath(argument, place)),
      environment: pythonEnvironment(container.environment, place),
      folder: place.home,
    }
  },
}
