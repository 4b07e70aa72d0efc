"""scikit-learn's shuffled folds as one id per row: python sklearn_shuffle.py ROWS K. Prints the peak of its memory in KiB."""
import resource
import sys

import numpy
from sklearn.model_selection import KFold

rows, k = (int(float(value)) for value in sys.argv[1:])
folds = numpy.empty(rows, dtype=numpy.uint8)
for fold, (_, test) in enumerate(KFold(k, shuffle=True, random_state=23).split(numpy.zeros((rows, 1), dtype=numpy.uint8))):
    folds[test] = fold
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, *(int(folds[i]) for i in (0, rows // 3, rows // 2, rows - 1)))
