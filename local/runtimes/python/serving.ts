import { existsSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Command } from '../process-group.ts'
import { type ContainerCommand, type ContainerPlace, RuntimeRefusal, type RuntimeTools } from '../runtime.ts'
import { pythonEnvironment } from './python-environment.ts'
import { serverProgram } from './server-program.ts'
import { unpackUserCode } from './user-code.ts'
import { pythonWith } from './virtual-environment.ts'

/**
 * A model of a framework image, served by the user's functions: `model_fn`, and `transform_fn` or `input_fn`, `predict_fn` and
 * `output_fn`, each with the inference toolkit's default. The script is `SAGEMAKER_PROGRAM` (`inference.py` without one) in
 * `SAGEMAKER_SUBMIT_DIRECTORY`, or in the folder `code` of the model.
 * Source: sagemaker-inference-toolkit, `transformer.py`, `default_inference_handler.py`; sagemaker-scikit-learn-container, `serving.py`.
 *
 * @throws RuntimeRefusal when there is no script.
 */
export async function prepareServing(
  python: string,
  container: ContainerCommand,
  place: ContainerPlace,
  tools: RuntimeTools,
): Promise<Command> {
  const { SAGEMAKER_PROGRAM: given = 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: source = '' } = container.environment
  const program = posix.normalize(given)
  const inModel = join(place.ml, 'model/code')
  const code =
    source.startsWith('s3://') && !existsSync(join(inModel, program))
      ? await unpackUserCode(source, place, tools)
      : inModel
  if (program.startsWith('../') || posix.isAbsolute(program) || !existsSync(join(code, program)))
    throw new RuntimeRefusal(
      `The model has no script to serve it: there is no ${JSON.stringify(given)} in ${code === inModel ? 'the folder code of its artifact' : source} — set SAGEMAKER_PROGRAM and put the script there, or run the image itself with --runtime container.`,
    )
  const interpreter = await pythonWith(python, join(code, 'requirements.txt'), tools.caches)
  const server = join(place.home, 'serve_script.py')
  writeFileSync(server, `${serverProgram}\n${scriptProgram}`)
  return {
    file: interpreter,
    arguments: [server, join(code, program), join(place.ml, 'model')],
    environment: pythonEnvironment({ SM_MODEL_DIR: join(place.ml, 'model'), ...container.environment }, place),
    folder: code,
  }
}

const scriptProgram = String.raw`
import importlib.util, inspect, json, os

script, model_folder = sys.argv[1:3]
sys.path.insert(0, os.path.dirname(script))
spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(script))[0], script)
user = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = user
spec.loader.exec_module(user)

def default_input(body, content_type):
    if content_type == 'application/json':
        return json.loads(body)
    if content_type == 'application/jsonlines':
        return [json.loads(line) for line in body.decode().splitlines() if line.strip()]
    if content_type == 'text/csv':
        rows = [[float(cell) for cell in line.split(',')] for line in body.decode().splitlines() if line.strip()]
        try:
            import numpy
            return numpy.array(rows)
        except ImportError:
            return rows
    if content_type == 'application/x-npy':
        import io, numpy
        return numpy.load(io.BytesIO(body), allow_pickle=False)
    raise Unsupported('The content type ' + content_type + ' has no default input_fn: define input_fn, or send text/csv or application/json.')

def default_predict(data, model):
    return model.predict(data) if hasattr(model, 'predict') else model(data)

def plain(value):
    return value.tolist() if hasattr(value, 'tolist') else value

def default_output(found, accept):
    found = plain(found)
    if accept in ('', 'application/json'):
        return json.dumps(found), 'application/json'
    if accept == 'text/csv':
        rows = found if isinstance(found, list) else [found]
        return ''.join(','.join(str(cell) for cell in (row if isinstance(row, list) else [row])) + '\n' for row in rows), accept
    raise Unsupported('The content type ' + accept + ' has no default output_fn: define output_fn, or accept application/json or text/csv.')

def call(function, *given):
    """Newer scripts take a context behind the documented arguments."""
    count = len(inspect.signature(function).parameters)
    return function(*given, *([None] * max(0, count - len(given))))

if not hasattr(user, 'model_fn'):
    sys.exit('The script ' + os.path.basename(script) + ' has no model_fn(model_dir): it loads the model, so the framework images require it.')
model = call(user.model_fn, model_folder)

def transform(body, content_type, accept):
    if hasattr(user, 'transform_fn'):
        found = call(user.transform_fn, model, body.decode() if content_type.startswith(('text/', 'application/json')) else body, content_type, accept or 'application/json')
    else:
        text = body.decode() if content_type.startswith(('text/', 'application/json')) else body
        data = call(user.input_fn, text, content_type) if hasattr(user, 'input_fn') else default_input(body, content_type)
        said = call(user.predict_fn, data, model) if hasattr(user, 'predict_fn') else default_predict(data, model)
        found = call(user.output_fn, said, accept or 'application/json') if hasattr(user, 'output_fn') else default_output(said, accept)
    return found if isinstance(found, tuple) else (found if isinstance(found, (str, bytes)) else json.dumps(plain(found)), accept or 'application/json')

serve()
`
