/**
 * Linear Learner by scikit-learn: logistic or linear regression on normalized features, `wd` and `l1` as the regularization. It is
 * no stochastic gradient descent: epochs, learning rates and optimizers have no effect. Metrics and answers have the algorithm's
 * names. Source: Developer Guide, "Linear Learner Algorithm".
 */
export const linearLearnerProgram = String.raw`
default_type = 'text/csv'
model_file = os.path.join(model_folder, 'model.pickle')
sklearn = needed('scikit-learn', 'sklearn')

def train():
    import pickle
    from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression
    from sklearn.metrics import mean_absolute_error, mean_squared_error, precision_score, recall_score, f1_score, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    given = {name: decoded(text) for name, text in hyperparameters().items()}
    kind = given.get('predictor_type')
    if kind not in ('binary_classifier', 'multiclass_classifier', 'regressor'):
        stop('The hyperparameter predictor_type is missing or not one of binary_classifier, multiclass_classifier, regressor: Linear Learner requires it.')
    strength = lambda name: float(given[name]) if isinstance(given.get(name), (int, float)) else 0.0
    l1, wd = strength('l1'), strength('wd')
    labels, rows = table('train')
    if kind == 'regressor':
        model = ElasticNet(alpha=l1 + wd, l1_ratio=l1 / (l1 + wd)) if l1 + wd > 0 else LinearRegression()
    else:
        model = LogisticRegression(C=1 / (wd + l1) if wd + l1 > 0 else 1e6, max_iter=1000)
    fitted = make_pipeline(StandardScaler(), model)
    try:
        fitted.fit(rows, labels)
    except ValueError as error:
        stop('scikit-learn refuses the training: ' + str(error).split('\n')[0])
    for channel in [name for name in ('train', 'validation', 'test') if name in channels()]:
        truth, asked = table(channel)
        said = fitted.predict(asked)
        if kind == 'regressor':
            quality(channel, 'mse', mean_squared_error(truth, said), 'loss')
            quality(channel, 'absolute_loss', mean_absolute_error(truth, said), 'loss')
            quality(channel, 'objective_loss', mean_squared_error(truth, said), 'loss')
            quality(channel, 'objective_loss:final', mean_squared_error(truth, said), 'loss')
            continue
        hits = sum(one == other for one, other in zip(truth, said)) / len(truth)
        chances = fitted.predict_proba(asked)
        known = list(fitted.classes_)
        import math
        loss = sum(-math.log(max(1e-15, row[known.index(label)] if label in known else 0)) for row, label in zip(chances, truth)) / len(truth)
        quality(channel, 'objective_loss', loss, 'loss')
        quality(channel, 'objective_loss:final', loss, 'loss')
        if kind == 'multiclass_classifier':
            quality(channel, 'multiclass_accuracy', hits)
            quality(channel, 'macro_f_beta', f1_score(truth, said, average='macro', zero_division=0))
            quality(channel, 'macro_precision', precision_score(truth, said, average='macro', zero_division=0))
            quality(channel, 'macro_recall', recall_score(truth, said, average='macro', zero_division=0))
        else:
            quality(channel, 'binary_classification_accuracy', hits)
            quality(channel, 'precision', precision_score(truth, said, zero_division=0))
            quality(channel, 'recall', recall_score(truth, said, zero_division=0))
            quality(channel, 'binary_f_beta', f1_score(truth, said, zero_division=0))
            if len(set(truth)) == 2:
                quality(channel, 'roc_auc_score', roc_auc_score(truth, chances[:, 1]))
    with open(model_file, 'wb') as out:
        pickle.dump((kind, fitted), out)

def load():
    import pickle
    with open(model_file, 'rb') as source:
        return pickle.load(source)

def answer(model, rows, accept):
    kind, fitted = model
    if kind == 'regressor':
        return predictions([{'score': float(value)} for value in fitted.predict(rows)], accept)
    chances = fitted.predict_proba(rows).tolist()
    labels = [int(label) for label in fitted.predict(rows)]
    scores = [row[1] if kind == 'binary_classifier' else row for row in chances]
    return predictions([{'score': score, 'predicted_label': label} for score, label in zip(scores, labels)], accept)
`
