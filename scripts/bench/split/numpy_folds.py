"""The common script: numpy reads everything, scikit-learn draws, numpy writes each fold: python numpy_folds.py DATA FOLDER K"""
import os
import sys

import numpy
from sklearn.model_selection import KFold

data, folder, k = sys.argv[1:]
rows = numpy.loadtxt(data, delimiter=",")
for fold, (train, test) in enumerate(KFold(int(k), shuffle=True, random_state=23).split(rows)):
    for side, chosen in (("train", train), ("validation", test)):
        os.makedirs(f"{folder}/{side}/{fold}")
        numpy.savetxt(f"{folder}/{side}/{fold}/data.csv", rows[chosen], delimiter=",", fmt="%g")
