/**
 * k-nearest neighbors by scikit-learn, brute force: `index_type` and the reduction of dimensions have no effect but a line in the
 * log. Metrics of the channel `test`. Source: Developer Guide, "K-Nearest Neighbors (k-NN) Algorithm".
 */
export const knnProgram = String.raw`
default_type = 'text/csv'
model_file = os.path.join(model_folder, 'model.pickle')
sklearn = needed('scikit-learn', 'sklearn')
metrics = {'L2': 'euclidean', 'COSINE': 'cosine'}

def train():
    import pickle, random
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    given = {name: decoded(text) for name, text in hyperparameters().items()}
    missing = [name for name in ('k', 'feature_dim', 'predictor_type', 'sample_size') if name not in given]
    if missing:
        stop('The hyperparameter ' + missing[0] + ' is missing: the k-NN algorithm requires it.')
    if given.get('index_metric', 'L2') not in metrics:
        stop('The index_metric ' + str(given['index_metric']) + ' has no stand-in on this machine: use L2 or COSINE.')
    labels, rows = table('train')
    if len(rows[0]) != int(given['feature_dim']):
        stop('The hyperparameter feature_dim is ' + str(given['feature_dim']) + ', but the channel train has ' + str(len(rows[0])) + ' features.')
    if 'dimension_reduction_type' in given:
        print('dimension_reduction_type has no effect in this stand-in', flush=True)
    size = min(len(rows), int(given['sample_size']))
    chosen = sorted(random.Random(0).sample(range(len(rows)), size))
    if int(given['k']) > size:
        stop('The hyperparameter k is ' + str(given['k']) + ', but only ' + str(size) + ' records are sampled.')
    kind = given['predictor_type']
    Model = KNeighborsClassifier if kind == 'classifier' else KNeighborsRegressor
    fitted = Model(n_neighbors=int(given['k']), algorithm='brute', metric=metrics[given.get('index_metric', 'L2')])
    fitted.fit([rows[index] for index in chosen], [labels[index] for index in chosen])
    if 'test' in channels():
        truth, asked = table('test')
        said = fitted.predict(asked)
        if kind == 'classifier':
            quality('test', 'accuracy', sum(one == other for one, other in zip(truth, said)) / len(truth))
        else:
            quality('test', 'mse', sum((one - other) ** 2 for one, other in zip(truth, said)) / len(truth), 'loss')
    with open(model_file, 'wb') as out:
        pickle.dump(fitted, out)

def load():
    import pickle
    with open(model_file, 'rb') as source:
        return pickle.load(source)

def answer(model, rows, accept):
    return predictions([{'predicted_label': float(label)} for label in model.predict(rows)], accept)
`
