"""The other common script: all lines in a list, shuffled indices, lines written fold by fold: python line_folds.py DATA FOLDER K"""
import os
import random
import sys

data, folder, k = sys.argv[1:]
with open(data) as file:
    lines = file.readlines()
indices = list(range(len(lines)))
random.Random(23).shuffle(indices)
for fold in range(int(k)):
    test = set(indices[fold :: int(k)])
    for side in ("train", "validation"):
        os.makedirs(f"{folder}/{side}/{fold}")
        with open(f"{folder}/{side}/{fold}/data.csv", "w") as out:
            out.writelines(line for i, line in enumerate(lines) if (i in test) == (side == "validation"))
