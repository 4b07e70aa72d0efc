/**
 * XGBoost by the Python package `xgboost`: `num_round` and the booster's parameters as hyperparameters, metrics of every round
 * printed as the container prints them; it serves scores as CSV. Source: Developer Guide, "XGBoost algorithm".
 */
export const xgboostProgram = String.raw`
default_type = 'text/libsvm'
model_file = os.path.join(model_folder, 'xgboost-model')
xgboost = needed('xgboost', 'xgboost')

def train():
    import numpy
    given = hyperparameters()
    if 'num_round' not in given:
        stop('The hyperparameter num_round is missing: the XGBoost algorithm requires it.')

    def matrix(channel):
        labels, rows = table(channel)
        return xgboost.DMatrix(numpy.array(rows), label=numpy.array(labels))

    rounds = int(given.pop('num_round'))
    early = int(given.pop('early_stopping_rounds', 0)) or None
    parameters = {name: decoded(text) for name, text in given.items() if not name.startswith(('sagemaker_', '_'))}
    if isinstance(parameters.get('eval_metric'), str):
        parameters['eval_metric'] = [metric.strip() for metric in parameters['eval_metric'].split(',')]
    train_matrix = matrix('train')
    watched = [(train_matrix, 'train')] + ([(matrix('validation'), 'validation')] if 'validation' in channels() else [])

    class Printer(xgboost.callback.TrainingCallback):
        def after_iteration(self, model, epoch, log):
            scores = [name + '-' + metric + ':%.5f' % values[-1] for name, of in log.items() for metric, values in of.items()]
            print('[%d]#011' % epoch + '#011'.join(scores), flush=True)
            return False

    try:
        booster = xgboost.train(parameters, train_matrix, rounds, evals=watched, early_stopping_rounds=early, verbose_eval=False, callbacks=[Printer()])
    except xgboost.core.XGBoostError as error:
        stop('XGBoost refuses the training: ' + str(error).strip().split('\n')[0])
    booster.save_model(model_file + '.json')
    os.replace(model_file + '.json', model_file)

def load():
    with open(model_file, 'rb') as source:
        return xgboost.Booster(model_file=bytearray(source.read()))

def answer(model, rows, accept):
    import numpy
    scores = model.predict(xgboost.DMatrix(numpy.array(rows)))
    lines = [','.join(repr(float(value)) for value in numpy.atleast_1d(score)) for score in scores]
    return '\n'.join(lines) + '\n', 'text/csv'
`
