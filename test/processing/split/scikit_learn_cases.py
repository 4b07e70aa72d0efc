"""Prints random cases with what the installed scikit-learn makes of them, one JSON object per line.

Usage: python scikit_learn_cases.py COUNT SEED
"""
import json
import random
import sys
import warnings

import numpy as np
import sklearn
from sklearn import model_selection as ms

count, seed = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(seed)
version = tuple(int(part) for part in sklearn.__version__.split(".")[:2])


def column(n, kinds, text):
    values = [draw.randrange(kinds) for _ in range(n)]
    return [f"v{value}" for value in values] if text else values


def sizes(n):
    def size():
        return draw.choice([None, round(draw.uniform(0.05, 0.6), 3), draw.randint(1, max(1, n // 2))])
    chosen = {"test_size": size(), "train_size": size()}
    return {name: value for name, value in chosen.items() if value is not None}


def case():
    name = draw.choice([
        "KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold", "RepeatedKFold", "RepeatedStratifiedKFold",
        "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit", "TimeSeriesSplit", "LeaveOneOut", "LeavePOut",
        "LeaveOneGroupOut", "LeavePGroupsOut", "PredefinedSplit"])
    n = draw.choice([draw.randint(2, 12), draw.randint(10, 80), draw.randint(50, 400)])
    k = draw.randint(2, 7)
    random_state = draw.randrange(2 ** 32)
    text = draw.random() < 0.4
    y = groups = None
    if "Stratified" in name:
        y = column(n, draw.randint(1, 12), text)
    if "Group" in name:
        groups = column(n, draw.choice([draw.randint(1, 8), draw.randint(5, 200)]), text)
    params = {}
    if name in ("KFold", "StratifiedKFold", "StratifiedGroupKFold", "GroupKFold"):
        params["n_splits"] = k
        if draw.random() < 0.6 and (name != "GroupKFold" or version >= (1, 6)):
            # scikit-learn 1.7 repaired the shuffle of StratifiedGroupKFold; ours are the folds before.
            if name != "StratifiedGroupKFold" or version < (1, 6):
                params.update(shuffle=True, random_state=random_state)
    elif name.startswith("Repeated"):
        params.update(n_splits=k, n_repeats=draw.randint(1, 4), random_state=random_state)
    elif name.endswith("ShuffleSplit"):
        params.update(n_splits=k, random_state=random_state, **sizes(n))
    elif name == "TimeSeriesSplit":
        params.update(n_splits=k)
        for option, value in (("gap", draw.randint(0, 5)), ("test_size", draw.randint(1, 12)), ("max_train_size", draw.randint(1, 40))):
            if draw.random() < 0.4:
                params[option] = value
    elif name == "LeavePOut":
        n = draw.randint(2, 9)
        params["p"] = draw.randint(1, 4)
    elif name == "LeaveOneOut":
        n = min(n, 60)
    elif name in ("LeaveOneGroupOut", "LeavePGroupsOut"):
        groups = column(n, draw.randint(1, 9), text)
        if name == "LeavePGroupsOut":
            params["n_groups"] = draw.randint(1, 4)
    elif name == "PredefinedSplit":
        params["test_fold"] = [draw.randint(-1, 3) for _ in range(n)]
    result = {"class": name, "params": params, "n": n}
    if y is not None:
        result["y"] = y
    if groups is not None:
        result["groups"] = groups
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            splitter = getattr(ms, name)(**params)
            extra = () if name == "PredefinedSplit" else (np.zeros(n), y, groups)
            result["splits"] = [[sorted(map(int, side)) for side in pair] for pair in splitter.split(*extra)]
        except ValueError as error:
            result["error"] = str(error)
    result["warnings"] = sorted({str(item.message) for item in caught if item.category is UserWarning})
    return result


print(json.dumps({"sklearn": sklearn.__version__, "numpy": np.__version__}))
for _ in range(count):
    print(json.dumps(case()))
