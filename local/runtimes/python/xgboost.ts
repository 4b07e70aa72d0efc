import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryOf } from '../image-name.ts'
import type { Command } from '../process-group.ts'
import type { ContainerPlace } from '../runtime.ts'

/**
 * The built-in algorithm of the XGBoost images, by the Python package `xgboost` of this machine: CSV without header, label
 * first (or LIBSVM), `num_round` and the booster's parameters as hyperparameters, metrics as the container prints them.
 * Source: Developer Guide, "XGBoost algorithm".
 *
 * @returns Undefined for images of other algorithms.
 */
export function builtInCommand(
  image: string,
  python: string,
  place: ContainerPlace,
  environment: Readonly<Record<string, string>>,
): Command | undefined {
  const name = repositoryOf(image).split('/').at(-1) ?? ''
  if (!/^(sagemaker-)?xgboost/.test(name)) return undefined
  const file = join(place.home, 'xgboost_train.py')
  writeFileSync(file, program)
  return { file: python, arguments: [file], environment, folder: place.home }
}

const program = String.raw`import json, os, sys
base = os.environ['SAGEMAKER_BASE_DIR']

def stop(text):
    with open(os.path.join(base, 'output', 'failure'), 'w') as out:
        out.write(text)
    sys.exit(text)

try:
    import xgboost
except ImportError:
    stop('The Python package xgboost is not installed on this machine, so its built-in algorithm has no stand-in: install it with pip, or run the image itself with --runtime container.')

with open(os.path.join(base, 'input/config/hyperparameters.json')) as source:
    given = json.load(source)
with open(os.path.join(base, 'input/config/inputdataconfig.json')) as source:
    channels = json.load(source)
if 'num_round' not in given:
    stop('The hyperparameter num_round is missing: the XGBoost algorithm requires it.')

def decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return text

def matrix(channel):
    folder = os.path.join(base, 'input/data', channel)
    kind = (channels[channel].get('ContentType') or 'text/libsvm').split(';')[0].strip().lower()
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    lines = [line.strip() for path in files for line in open(path) if line.strip()]
    labels, rows = [], []
    if kind in ('text/csv', 'csv'):
        for line in lines:
            cells = [float(cell) if cell.strip() else float('nan') for cell in line.split(',')]
            labels.append(cells[0])
            rows.append(cells[1:])
    elif kind in ('text/libsvm', 'libsvm', 'text/x-libsvm'):
        sparse = []
        for line in lines:
            cells = line.split()
            labels.append(float(cells[0]))
            sparse.append({int(index): float(value) for index, value in (cell.split(':') for cell in cells[1:])})
        width = 1 + max((max(row, default=0) for row in sparse), default=0)
        rows = [[row.get(index, float('nan')) for index in range(width)] for row in sparse]
    else:
        stop('The content type ' + kind + ' of channel ' + channel + ' has no stand-in on this machine: use text/csv or text/libsvm.')
    if not rows:
        stop('The channel ' + channel + ' has no records.')
    import numpy
    return xgboost.DMatrix(numpy.array(rows), label=numpy.array(labels))

rounds = int(given.pop('num_round'))
early = int(given.pop('early_stopping_rounds', 0)) or None
parameters = {name: decoded(text) for name, text in given.items() if not name.startswith(('sagemaker_', '_'))}
if isinstance(parameters.get('eval_metric'), str):
    parameters['eval_metric'] = [metric.strip() for metric in parameters['eval_metric'].split(',')]
train = matrix('train')
watched = [(train, 'train')] + ([(matrix('validation'), 'validation')] if 'validation' in channels else [])

class Printer(xgboost.callback.TrainingCallback):
    def after_iteration(self, model, epoch, log):
        scores = [name + '-' + metric + ':%.5f' % values[-1] for name, of in log.items() for metric, values in of.items()]
        print('[%d]#011' % epoch + '#011'.join(scores), flush=True)
        return False

try:
    booster = xgboost.train(parameters, train, rounds, evals=watched, early_stopping_rounds=early, verbose_eval=False, callbacks=[Printer()])
except xgboost.core.XGBoostError as error:
    stop('XGBoost refuses the training: ' + str(error).strip().split('\n')[0])
booster.save_model(os.path.join(base, 'model', 'xgboost-model.json'))
os.replace(os.path.join(base, 'model', 'xgboost-model.json'), os.path.join(base, 'model', 'xgboost-model'))
`
