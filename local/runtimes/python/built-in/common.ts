/**
 * What the stand-ins of built-in algorithms share: hyperparameters, channels of CSV (label first, no header) or LIBSVM, a failure
 * in one sentence, and scores printed as the algorithms print them.
 */
export const commonProgram = String.raw`import json, os, sys
base = os.environ['SAGEMAKER_BASE_DIR']
model_folder = os.path.join(base, 'model')

def stop(text):
    with open(os.path.join(base, 'output', 'failure'), 'w') as out:
        out.write(text)
    sys.exit(text)

def needed(package, module):
    try:
        return __import__(module)
    except ImportError:
        text = 'The Python package ' + package + ' is not installed on this machine, so the built-in algorithm has no stand-in: install it with pip, or run the image itself with --runtime container.'
        if sys.argv[1] == 'train':
            stop(text)
        sys.exit(text)

def hyperparameters():
    with open(os.path.join(base, 'input/config/hyperparameters.json')) as source:
        return json.load(source)

def channels():
    with open(os.path.join(base, 'input/config/inputdataconfig.json')) as source:
        return json.load(source)

def decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return text

def number(cell):
    return float(cell) if cell.strip() else float('nan')

def table(channel):
    """Labels and rows of a channel."""
    folder = os.path.join(base, 'input/data', channel)
    kind = (channels()[channel].get('ContentType') or default_type).split(';')[0].strip().lower()
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    lines = [line.strip() for path in files for line in open(path) if line.strip()]
    labels, rows = [], []
    if kind in ('text/csv', 'csv'):
        for line in lines:
            cells = [number(cell) for cell in line.split(',')]
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
    return labels, rows

def quality(channel, name, value, kind='score'):
    print('#quality_metric: host=algo-1, %s %s <%s>=%s' % (channel, name, kind, repr(float(value))), flush=True)

def asked_rows(body, content_type):
    """The records of a request."""
    text = body.decode()
    if content_type == 'text/csv':
        return [[number(cell) for cell in line.split(',')] for line in text.splitlines() if line.strip()]
    if content_type in ('application/json', 'application/jsonlines'):
        found = [json.loads(line) for line in text.splitlines() if line.strip()] if content_type.endswith('lines') else json.loads(text)
        instances = found['instances'] if isinstance(found, dict) else found
        return [one['features'] if isinstance(one, dict) else one for one in instances]
    raise Unsupported('The content type ' + content_type + ' is not supported: send text/csv or application/json.')

def predictions(found, accept):
    """The built-in algorithms' answer: JSON with a list, JSON Lines, or CSV of the first value."""
    if accept == 'application/jsonlines':
        return ''.join(json.dumps(one) + '\n' for one in found), accept
    if accept == 'text/csv':
        return ''.join(','.join(str(value) for value in one.values()) + '\n' for one in found), accept
    return json.dumps({'predictions': found}), 'application/json'
`
