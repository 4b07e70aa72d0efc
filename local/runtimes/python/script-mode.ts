import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { optMl } from '../../../schemas/opt-ml.ts'
import type { Command } from '../process-group.ts'
import { type ContainerCommand, type ContainerPlace, RuntimeRefusal, type RuntimeTools } from '../runtime.ts'
import { builtInCommand } from './built-in/built-in.ts'
import { scriptArguments, splitHyperparameters } from './hyperparameters.ts'
import { pythonEnvironment } from './python-environment.ts'
import { prepareServing } from './serving.ts'
import { toolkitEnvironment } from './toolkit-environment.ts'
import { unpackUserCode } from './user-code.ts'
import { pythonWith } from './virtual-environment.ts'

/**
 * A framework image without an entrypoint of its own. A training runs the script that the hyperparameters name, with the
 * environment and the arguments that SageMaker's training toolkit gives it, or a built-in algorithm's stand-in; `serve` serves a
 * model.
 * Source: sagemaker-training-toolkit, `environment.py`, `entry_point.py`.
 *
 * @throws RuntimeRefusal when no script is named or its code cannot be had.
 */
export async function prepareScript(
  python: string,
  container: ContainerCommand,
  place: ContainerPlace,
  tools: RuntimeTools,
): Promise<Command> {
  const [mode = ''] = container.arguments
  const environment = pythonEnvironment(container.environment, place)
  if (mode === 'serve') {
    const isScript =
      container.environment['SAGEMAKER_PROGRAM'] !== undefined || existsSync(join(place.ml, 'model/code'))
    const builtIn = isScript ? undefined : builtInCommand(container.image, mode, python, place, environment)
    return builtIn ?? prepareServing(python, container, place, tools)
  }
  if (mode !== 'train') {
    throw new RuntimeRefusal(
      `The image ${JSON.stringify(container.image)} was started with ${JSON.stringify(mode)} — the runtime python has the toolkits' "train" and "serve" — run the image itself with --runtime container.`,
    )
  }
  const given = JSON.parse(await readFile(join(place.ml, optMl.hyperparameters), 'utf8')) as Record<string, string>
  const { platform, script } = splitHyperparameters(given)
  const program = platform.get('sagemaker_program') ?? container.environment['SAGEMAKER_PROGRAM']
  if (program === undefined) {
    const builtIn = builtInCommand(container.image, mode, python, place, environment)
    if (builtIn !== undefined) return builtIn
    throw new RuntimeRefusal(
      `The training names no script — the image ${JSON.stringify(container.image)} runs in script mode on this machine — give the hyperparameters sagemaker_program and sagemaker_submit_directory.`,
    )
  }
  checkProgram(program)
  const source =
    platform.get('sagemaker_submit_directory') ?? container.environment['SAGEMAKER_SUBMIT_DIRECTORY'] ?? '/opt/ml/code'
  const code = await unpackUserCode(source, place, tools)
  if (!existsSync(join(code, program))) {
    throw new RuntimeRefusal(
      `The hyperparameter sagemaker_program is ${JSON.stringify(program)} — ${source} has no such file — name a file of it.`,
    )
  }
  const interpreter = await pythonWith(python, join(code, 'requirements.txt'), tools.caches)
  const userArguments = scriptArguments(script)
  const toolkit = await toolkitEnvironment({ place, program, source, code, script, platform, userArguments })
  return {
    file: interpreter,
    arguments: [program, ...userArguments],
    environment: pythonEnvironment({ ...toolkit, ...container.environment }, place),
    // As the toolkit: the script finds its modules, and its stack traces name its own files.
    folder: code,
  }
}

function checkProgram(program: string): void {
  const plain = posix.normalize(program)
  if (plain.startsWith('../') || posix.isAbsolute(plain) || !plain.endsWith('.py')) {
    throw new RuntimeRefusal(
      `The hyperparameter sagemaker_program is ${JSON.stringify(program)} — on this machine it must be a .py file inside of sagemaker_submit_directory — name one.`,
    )
  }
}
