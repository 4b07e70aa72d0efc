import { basename } from 'node:path'
import { placeEnvironment, placePath } from './place-paths.ts'
import { type Runtime, RuntimeRefusal, wholeCommand } from './runtime.ts'

/** Programs in JavaScript, run by the Node that runs the engine. */
export const nodeRuntime: Runtime = {
  prepare: (container, place) => {
    const [program, ...rest] = wholeCommand(container)
    if (basename(program) !== 'node') {
      throw new RuntimeRefusal(
        `The entrypoint ${JSON.stringify(program)} is not node — the image is mapped to the runtime node, which starts only node programs — let the entrypoint begin with "node" or map the image to another runtime.`,
      )
    }
    return {
      file: process.execPath,
      arguments: rest.map(argument => placePath(argument, place)),
      environment: placeEnvironment(container, place),
      folder: place.home,
    }
  },
}
