/**
 * `hash_folds.py`: the strategy hash-kfold as a Spark program, for data that one job's disks cannot hold. A record gets the
 * fold that `foldwise split --strategy hash-kfold` gives it, because both use Spark SQL's `hash` (Murmur3) of seed and key.
 *
 * It writes layout `manifest`: `validation/<i>/` with the records as they are, one file per Spark partition, and lists in
 * `train/<i>/` and `all/`. A header is read and not written. The fold report is counted from what was written; its digests
 * are SHA-256, which Spark computes where the data lie.
 */
export const hashFoldsProgram = `import argparse
import hashlib
import json
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

MOST_CLASSES = 1000


def main():
    flags = read_flags()
    spark = SparkSession.builder.appName("foldwise hash-kfold").getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    hadoop.set("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
    files = Files(spark, hadoop)
    flags.input, flags.output = files.place(flags.input), files.place(flags.output)
    if files.exists(flags.output):
        stop("%s - the output is not empty - choose another one, or empty it first" % flags.output)

    lines = spark.read.text(flags.input).withColumn("file", F.input_file_name())
    header = None
    if flags.header:
        header = read_header(spark, flags.input)
        dropped = lines.where(F.col("value") == header).count()
        inputs = lines.select("file").distinct().count()
        if dropped != inputs:
            stop("%s - %d of the %d input files begin with the header - every file needs the same" % (flags.input, dropped, inputs))
        lines = lines.where(F.col("value") != header)
    records = lines.where(F.length("value") > 0)
    if flags.format in ("csv", "tsv"):
        # Spark reads lines; a record of several lines would be torn.
        quotes = F.length(F.regexp_replace("value", '[^"]', ""))
        torn = records.where(quotes % 2 == 1).select("file", "value").first()
        if torn is not None:
            stop("%s - a quoted field goes over the line end (%s) - split such data with foldwise split" % (torn.file, torn.value[:80]))
    key = column(flags, header, flags.key, records)
    folded = records.withColumn("key", key)
    missing = folded.where(F.col("key").isNull() | (F.length("key") == 0)).select("file", "value").first()
    if missing is not None:
        stop('%s - column "%s" is empty in %s - every record needs a value there' % (missing.file, flags.key, missing.value[:80]))
    folded = folded.withColumn("fold", F.pmod(F.hash(F.lit(flags.seed).cast("int"), F.col("key")), F.lit(flags.k)))
    folded = folded.select("fold", "value").persist()
    for fold in range(flags.k):
        folded.where(F.col("fold") == fold).select("value").write.text("%s/validation/%d" % (flags.output, fold))
    folded.unpersist()
    report = make_report(spark, flags, header, files)
    empty = [fold["index"] for fold in report["folds"] if fold["validation"]["records"] == 0 or fold["train"]["records"] == 0]
    if empty:
        stop("fold %d has no records to train or to validate on - choose fewer folds" % empty[0])
    write_lists(flags, report, files)
    files.write("%s/folds.json" % flags.report, json.dumps(report, indent=2, ensure_ascii=False) + "\\n")
    print("%d records in %d folds, certificate %s" % (report["records"], flags.k, report["certificate"]["digest"]), file=sys.stderr)
    spark.stop()


def read_flags():
    parser = argparse.ArgumentParser(prog="hash_folds.py", allow_abbrev=False)
    parser.add_argument("--input", required=True, help="URI of the data: a file or a folder")
    parser.add_argument("--output", required=True, help="URI that gets validation/, train/ and all/")
    parser.add_argument("--report", help="URI of the folder that gets folds.json (default: report/ in the output)")
    parser.add_argument("--k", type=int, required=True)
    parser.add_argument("--key", required=True, help="column whose hashed value decides the fold")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", choices=["csv", "tsv", "jsonl"], default="csv")
    parser.add_argument("--header", action="store_true")
    parser.add_argument("--label")
    parser.add_argument("--generator", default="foldwise hash_folds.py")
    flags = parser.parse_args()
    flags.output = flags.output.rstrip("/")
    flags.report = (flags.report or flags.output + "/report").rstrip("/")
    if flags.k < 2:
        stop("--k is %d - it must be 2 or more" % flags.k)
    if not 0 <= flags.seed < 2**32:
        stop("--seed is %d - Seed must be between 0 and 2**32 - 1" % flags.seed)
    # Spark's integers have 32 bits and a sign.
    flags.spark_seed = flags.seed
    flags.seed = flags.seed - 2**32 if flags.seed >= 2**31 else flags.seed
    return flags


def stop(sentence):
    try:
        with open("/opt/ml/output/message", "w") as message:
            message.write(sentence[:1000])
    except OSError:
        pass
    sys.exit(sentence)


def read_header(spark, path):
    first = spark.read.text(path).withColumn("file", F.input_file_name()).orderBy("file").select("file").first()
    if first is None:
        stop("%s - empty - give files with records" % path)
    return spark.read.text(first.file).first().value


def column(flags, header, name, records):
    if flags.format == "jsonl":
        return F.get_json_object("value", "$['%s']" % name.replace("'", "\\\\'"))
    delimiter = "," if flags.format == "csv" else "\\t"
    if header is None:
        if not name.isdigit():
            stop('column "%s" is a name, but the data has no header - give its 0-based index' % name)
        first = records.first()
        width = 0 if first is None else len(parse(first.value, delimiter))
        names = [str(i) for i in range(width)]
    else:
        names = parse(header, delimiter)
    if name in names:
        at = names.index(name)
    elif name.isdigit() and int(name) < len(names):
        at = int(name)
    else:
        stop('there is no column "%s" - the columns are %s' % (name, ", ".join(names)))
    schema = ", ".join("c%d STRING" % i for i in range(len(names)))
    options = {"sep": delimiter, "quote": '"', "escape": '"', "mode": "FAILFAST"}
    return F.from_csv("value", schema, options)["c%d" % at]


def parse(line, delimiter):
    import csv

    return next(csv.reader([line], delimiter=delimiter))


def make_report(spark, flags, header, files):
    """Counts what was written, file by file."""
    written = spark.read.text("%s/validation/*" % flags.output).withColumn("file", F.input_file_name())
    per_file = {
        row.file: row
        for row in written.groupBy("file").agg(F.count("*").alias("records"), F.sum(F.octet_length("value") + 1).alias("bytes")).collect()
    }
    digests = {
        files.bare(row.path): row.digest
        for row in spark.read.format("binaryFile").load("%s/validation/*" % flags.output).select("path", F.sha2("content", 256).alias("digest")).collect()
    }
    classes = count_classes(flags, header, written)
    folds = [side(fold, per_file, digests, classes, files) for fold in range(flags.k)]
    total = sum(fold["records"] for fold in folds)
    size = sum(fold["bytes"] for fold in folds)
    all_classes = add_classes([fold.get("classes", {}) for fold in folds])
    count = str(len(all_classes))
    entries = []
    for index, validation in enumerate(folds):
        train = {"records": total - validation["records"], "bytes": size - validation["bytes"]}
        if classes is not None:
            train["classes"] = {name: all_classes[name] - validation["classes"].get(name, 0) for name in all_classes}
            validation["classes"] = {name: validation["classes"].get(name, 0) for name in all_classes}
        entries.append({
            "index": index,
            "train": train,
            "validation": validation,
            "hyperparameters": {
                "num_training_samples": str(train["records"]),
                "num_validation_samples": str(validation["records"]),
                "num_classes": count,
                "fold_name": "fold%d" % index,
            },
        })
    options = {"strategy": "hash-kfold", "k": flags.k, "shuffle": False, "seed": flags.spark_seed, "format": flags.format, "header": flags.header, "key": flags.key}
    if flags.label is not None:
        options["label"] = flags.label
    return {
        "version": 1,
        "generator": flags.generator,
        "strategy": "hash-kfold",
        "options": dict(sorted(options.items())),
        "k": flags.k,
        "repeats": 1,
        "shuffle": False,
        "seed": flags.spark_seed,
        "layout": "manifest",
        "format": flags.format,
        "header": False,
        **({"storage": {"dropHeader": True}} if flags.header else {}),
        "label": flags.label,
        "groups": None,
        "digestAlgorithm": "sha256",
        "inputs": count_inputs(spark, flags, header, files),
        "records": total,
        "classes": all_classes,
        "hyperparameters": {"num_training_samples": str(total), "num_classes": count, "fold_name": "final"},
        "folds": entries,
        "certificate": {
            "disjoint": True,
            "complete": True,
            "groupsKeptTogether": None,
            "timeOrderKept": None,
            "worstImbalance": worst_imbalance(entries, total, all_classes),
            # Equal records have equal keys, so all copies of one are in the same fold.
            "duplicates": {"records": 0, "checkedShare": 1, "examples": []},
            "digest": certificate(options, entries),
        },
        "warnings": [],
    }


def side(fold, per_file, digests, classes, files):
    parts = []
    for file in sorted(per_file):
        name = files.bare(file)
        if "/validation/%d/" % fold not in name:
            continue
        row = per_file[file]
        parts.append({"file": name.rsplit("/", 1)[1], "records": row.records, "bytes": row.bytes, "digest": digests[name]})
    lines = "".join(part["digest"] + "\\n" for part in parts)
    found = {"records": sum(part["records"] for part in parts), "bytes": sum(part["bytes"] for part in parts)}
    if classes is not None:
        found["classes"] = {name: count for (of, name), count in classes.items() if of == fold}
    return {**found, "digest": hashlib.sha256(lines.encode()).hexdigest(), "parts": parts}


def count_classes(flags, header, written):
    """Records per fold and class; None without a label, or with too many values."""
    if flags.label is None:
        return None
    fold = F.regexp_extract("file", "/validation/([0-9]+)/", 1).cast("int")
    rows = written.select(fold.alias("fold"), column(flags, header, flags.label, written).alias("label")).groupBy("fold", "label").count().limit(MOST_CLASSES * flags.k + 1).collect()
    if len({row.label for row in rows}) > MOST_CLASSES:
        return None
    return {(row.fold, row.label): row["count"] for row in sorted(rows, key=lambda row: (row.label or "", row.fold))}


def add_classes(counts):
    total = {}
    for names in counts:
        for name, count in names.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))


def count_inputs(spark, flags, header, files):
    lines = spark.read.text(flags.input).withColumn("file", F.input_file_name()).where(F.length("value") > 0)
    if header is not None:
        lines = lines.where(F.col("value") != header)
    records = {files.bare(row.file): row["count"] for row in lines.groupBy("file").count().collect()}
    contents = spark.read.format("binaryFile").load(flags.input).select("path", "length", F.sha2("content", 256).alias("digest"))
    found = [(files.bare(row.path), row.length, row.digest) for row in contents.collect()]
    return [
        {"name": path.rsplit("/", 1)[1], "bytes": length, "records": records.get(path, 0), "digest": digest}
        for path, length, digest in sorted(found)
    ]


def worst_imbalance(folds, records, classes):
    worst = None
    for fold in folds:
        for name, count in fold["validation"].get("classes", {}).items():
            share = count / fold["validation"]["records"] if fold["validation"]["records"] else 0
            expected = classes[name] / records
            if worst is None or abs(share - expected) > abs(worst["share"] - worst["expected"]):
                worst = {"fold": fold["index"], "class": name, "share": share, "expected": expected}
    return worst


def certificate(options, folds):
    """As the certificate of foldwise split: over the options by name, and every validation digest."""
    value = [[[name, options[name]] for name in sorted(options)], [fold["validation"]["digest"] for fold in folds]]
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def write_lists(flags, report, files):
    shards = {fold["index"]: ["%d/%s" % (fold["index"], part["file"]) for part in fold["validation"]["parts"]] for fold in report["folds"]}
    prefix = {"prefix": flags.output.replace("s3a://", "s3://").replace("s3n://", "s3://") + "/validation/"}
    every = [shard for index in sorted(shards) for shard in shards[index]]
    for index in shards:
        listed = [shard for shard in every if not shard.startswith("%d/" % index)]
        files.write("%s/train/%d/manifest.json" % (flags.output, index), json.dumps([prefix] + listed) + "\\n")
    files.write("%s/all/manifest.json" % flags.output, json.dumps([prefix] + every) + "\\n")


class Files:
    """Small files and names, through Hadoop: S3, HDFS or this machine's disk."""

    def __init__(self, spark, hadoop):
        self.jvm = spark.sparkContext._jvm
        self.hadoop = hadoop
        local = self.jvm.org.apache.hadoop.fs.FileSystem.getLocal(hadoop)
        local.setWriteChecksum(False)
        local.setVerifyChecksum(False)

    def place(self, uri):
        """Where nobody has set up s3://, as EMR does, Hadoop's own name of it is s3a://."""
        if uri.startswith("s3://") and self.hadoop.get("fs.s3.impl") is None:
            return "s3a://" + uri[len("s3://"):]
        return uri

    def exists(self, uri):
        path = self.jvm.org.apache.hadoop.fs.Path(uri + "/validation")
        return path.getFileSystem(self.hadoop).exists(path)

    def write(self, uri, text):
        path = self.jvm.org.apache.hadoop.fs.Path(uri)
        stream = path.getFileSystem(self.hadoop).create(path, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def bare(self, uri):
        """The path alone: Spark writes file:///x and file:/x for one file."""
        return self.jvm.org.apache.hadoop.fs.Path(uri).toUri().getPath()


if __name__ == "__main__":
    main()
`
