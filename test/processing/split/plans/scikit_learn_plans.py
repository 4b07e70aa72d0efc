"""Prints random compositions of scikit-learn's splitters as the installed release does them, one JSON object per line.

Usage: python scikit_learn_plans.py COUNT SEED
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

SPLITTERS = ["KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold", "RepeatedKFold",
             "RepeatedStratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit", "TimeSeriesSplit"]


def column(n, kinds, text):
    values = [draw.randrange(kinds) for _ in range(n)]
    return [f"v{value}" for value in values] if text else values


def size(n, draw_none):
    options = [round(draw.uniform(0.05, 0.6), 3), draw.randint(1, max(1, n // 2))]
    return draw.choice(options + [None] if draw_none else options)


def ints(values):
    return [int(value) for value in values]


def hold_out(indices, params, y, groups):
    """What train_test_split returns of the indices, with the care of the strategy."""
    name, holdout = params["class"], params["holdout"]
    state = params.get("random_state")
    if "Group" in name:
        splitter = ms.GroupShuffleSplit(n_splits=1, test_size=holdout, random_state=state or 0)
        train, test = next(splitter.split(indices, None, groups))
        return train, test
    if "Stratified" in name:
        # Stratified without shuffling is refused by scikit-learn too.
        return ms.train_test_split(indices, test_size=holdout, random_state=state, stratify=y, shuffle=params["shuffles"])
    shuffles = params["shuffles"]
    return ms.train_test_split(indices, test_size=holdout, random_state=state if shuffles else None, shuffle=shuffles)


def splitter(params, k):
    name, state = params["class"], params.get("random_state")
    if name in ("KFold", "StratifiedKFold", "StratifiedGroupKFold"):
        return getattr(ms, name)(n_splits=k, shuffle=params["shuffles"], random_state=state if params["shuffles"] else None)
    if name in ("GroupKFold", "TimeSeriesSplit"):
        return getattr(ms, name)(n_splits=k)
    if name.startswith("Repeated"):
        return getattr(ms, name)(n_splits=k, n_repeats=params["n_repeats"], random_state=state)
    return getattr(ms, name)(n_splits=k, test_size=params["test_size"], random_state=state)


def case():
    kind = draw.choice(["train_test_split", "holdout", "nested", "both"])
    n = draw.choice([draw.randint(4, 20), draw.randint(20, 120)])
    y = column(n, draw.randint(2, 5), draw.random() < 0.5)
    groups = column(n, draw.randint(6, 30), draw.random() < 0.5)
    state = draw.randrange(2 ** 32)
    params = {}
    result = {"kind": kind, "n": n, "y": y, "groups": groups, "params": params}
    indices = np.arange(n)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            if kind == "train_test_split":
                params.update(stratify=draw.random() < 0.5, test_size=size(n, True), train_size=size(n, True), random_state=state)
                params["shuffle"] = params["stratify"] or draw.random() < 0.7
                labels = np.array(y) if params["stratify"] else None
                train, test = ms.train_test_split(
                    indices, test_size=params["test_size"], train_size=params["train_size"], shuffle=params["shuffle"],
                    random_state=state if params["shuffle"] else None, stratify=labels)
                result["splits"] = [[sorted(ints(train)), sorted(ints(test))]]
            else:
                name = draw.choice(SPLITTERS)
                always = name.startswith("Repeated") or name.endswith("ShuffleSplit")
                never = name in ("GroupKFold", "TimeSeriesSplit")
                params.update({"class": name, "k": draw.randint(2, 4), "n_repeats": draw.randint(1, 2), "test_size": 0.3})
                params["shuffles"] = always or (not never and draw.random() < 0.6)
                if params["shuffles"] or "Group" in name:
                    params["random_state"] = state
                rest = indices
                if kind != "nested":
                    params["holdout"] = size(n, False)
                    rest, test = hold_out(indices, params, np.array(y), np.array(groups))
                    result["test"] = sorted(ints(test))
                splits = []
                labels, names = np.array(y), np.array(groups)
                inner_k = draw.randint(2, 3)
                if kind != "holdout":
                    params["inner_k"] = inner_k
                for train, validation in splitter(params, params["k"]).split(rest, labels[rest], names[rest]):
                    outer, judged = rest[train], rest[validation]
                    if kind != "holdout":
                        for a, b in splitter(params, inner_k).split(outer, labels[outer], names[outer]):
                            splits.append([sorted(ints(outer[a])), sorted(ints(outer[b]))])
                    splits.append([sorted(ints(outer)), sorted(ints(judged))])
                result["splits"] = splits
        except ValueError as error:
            result["error"] = str(error)
            result.pop("test", None)
    result["warnings"] = sorted({str(item.message) for item in caught if item.category is UserWarning})
    return result


print(json.dumps({"sklearn": sklearn.__version__, "numpy": np.__version__}))
for _ in range(count):
    print(json.dumps(case()))
