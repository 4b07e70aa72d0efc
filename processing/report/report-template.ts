/** `report.html` as a Handlebars template; everything but the drawings (`{{{…}}}`) is escaped. */
export const reportTemplate = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{objective}}: {{foldCount}}-fold cross-validation</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<p class="kicker">Cross-validation report</p>
<h1>{{objective}} = {{mean}} ± {{std}}</h1>
<p class="lead">{{lead}}</p>
</header>

<dl class="tiles">
{{#each tiles}}<div class="tile{{#if first}} first{{/if}}"><dt>{{name}}</dt><dd>{{value}}<small>{{detail}}</small></dd></div>
{{/each}}
</dl>

{{#if warnings}}<section class="warnings"><h2>Warnings</h2><ul>{{#each warnings}}<li>{{this}}</li>{{/each}}</ul></section>{{/if}}

<section>
<h2>Folds</h2>
<div class="scroll">{{{foldPlot}}}</div>
<p class="legend"><span><i class="i-dot"></i>fold</span><span><i class="i-mean"></i>mean</span><span><i class="i-band"></i>95 % interval of the mean</span><span><i class="i-box"></i>minimum, quartiles, maximum</span></p>
<div class="scroll"><table>
<thead><tr><th>Fold</th><th>{{objective}}</th>{{#if anyReported}}<th>as reported</th>{{/if}}{{#each extraMetrics}}<th>{{name}}</th>{{/each}}<th>training records</th><th>validation records</th></tr></thead>
<tbody>{{#each folds}}<tr><td>{{index}}{{#if worst}}<span class="marker">worst</span>{{/if}}</td><td{{#if missing}} class="muted"{{/if}}>{{value}}</td>{{#if ../anyReported}}<td class="muted">{{reported}}</td>{{/if}}{{#each extra}}<td>{{this}}</td>{{/each}}<td>{{train}}</td><td>{{validation}}</td></tr>
{{/each}}</tbody>
<tfoot><tr><th>mean</th><td>{{mean}}</td>{{#if anyReported}}<td></td>{{/if}}{{#each extraMetrics}}<td>{{mean}}</td>{{/each}}<td></td><td></td></tr></tfoot>
</table></div>
{{#if anyReported}}<p class="note">SageMaker keeps metrics as float32. A value “as reported” was restored to the proportion of validation records, or to the shortest decimal, that has the same float32.</p>{{/if}}
</section>

{{#each sections}}<section><h2>{{title}}</h2>{{{html}}}</section>
{{/each}}

{{#if classNames}}<section>
<h2>Classes</h2>
<div class="scroll"><table>
<thead><tr><th>Fold</th>{{#each classNames}}<th>{{this}}</th>{{/each}}</tr></thead>
<tbody>{{#each classRows}}<tr><td>{{index}}</td>{{#each counts}}<td>{{validation}} <span class="muted">/ {{train}}</span></td>{{/each}}</tr>
{{/each}}</tbody>
<tfoot><tr><th>all data</th>{{#each classTotals}}<td>{{this}}</td>{{/each}}</tr></tfoot>
</table></div>
<p class="note">Records per class: validation / training.{{#if classesLeftOut}} {{classesLeftOut}} smaller classes are left out here; folds.json has them all.{{/if}}</p>
</section>{{/if}}

<section>
<h2>How the data were split</h2>
<dl class="facts">{{#each split}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/each}}</dl>
<h3>Input files</h3>
<div class="scroll"><table><thead><tr><th>File</th><th>records</th><th>size</th><th class="left">BLAKE3 digest</th></tr></thead>
<tbody>{{#each inputs}}<tr><td class="wrap">{{name}}</td><td>{{records}}</td><td>{{bytes}}</td><td class="left digest">{{digest}}</td></tr>{{/each}}</tbody></table></div>
{{#if inputsLeftOut}}<p class="note">{{inputsLeftOut}} more files are in folds.json.</p>{{/if}}
</section>

<section>
<h2>Certificate of the folds</h2>
<dl class="facts">{{#each certificate}}<dt>{{name}}</dt><dd><span class="badge {{state}}">{{value}}</span></dd>{{/each}}
<dt>Digest</dt><dd class="digest">{{digest}}</dd></dl>
<p class="note">The digest covers the strategy, its options and the validation records of every fold: equal digests mean equal folds.</p>
</section>

<section>
<h2>How this was calculated</h2>
<dl class="facts">{{#each calculation}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/each}}</dl>
</section>

<footer>The same numbers are in <a href="evaluation.json">evaluation.json</a>{{#if hasPredictions}}, the predictions in <a href="predictions.csv">predictions.csv</a>{{/if}}. Folds written by {{generator}}.</footer>
</main>
</body>
</html>
`
