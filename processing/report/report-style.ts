/** The report's style sheet: light and dark by the reader's preference, and ink on paper when printed. */
export const reportStyle = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #16202c; --soft: #5b6878; --line: #dfe4ea;
  --accent: #2458c5; --band: #2458c51f; --good: #17703f; --goodback: #e3f4ea; --bad: #a92424; --badback: #fbe7e7; --warnback: #fdf3d8; --warn: #7a5300;
  --s0: #2458c5; --s1: #c2571a; --s2: #17803f; --s3: #8a3ab9; --s4: #b3245e; --s5: #147d8f; --s6: #7b6a12; --s7: #5b6878; }
@media (prefers-color-scheme: dark) { :root { --page: #10151b; --card: #181f28; --ink: #e6ebf1; --soft: #9aa7b6; --line: #2c3642;
  --accent: #7ea6ff; --band: #7ea6ff26; --good: #6fd39b; --goodback: #14311f; --bad: #ff9a9a; --badback: #3b1919; --warnback: #3a2f10; --warn: #f2cf7a;
  --s0: #7ea6ff; --s1: #ffa56b; --s2: #6fd39b; --s3: #cf9bf2; --s4: #ff8db8; --s5: #6fd0e0; --s6: #d9c565; --s7: #9aa7b6; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
main { max-width: 920px; margin: 0 auto; padding: 36px 20px 64px; }
header { margin-bottom: 24px }
h1 { font-size: 28px; line-height: 1.2; margin: 4px 0 6px; letter-spacing: -0.01em; overflow-wrap: anywhere }
h2 { font-size: 17px; margin: 0 0 12px }
h3 { font-size: 14px; margin: 18px 0 8px; color: var(--soft); font-weight: 600 }
p { margin: 0 0 10px } .lead { color: var(--soft); font-size: 16px; max-width: 68ch; margin: 0 } .kicker { color: var(--accent); font-weight: 600; font-size: 13px; letter-spacing: .02em; margin: 0 }
.note { color: var(--soft); font-size: 13px; margin: 10px 0 0; max-width: 80ch }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 16px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 0 0 16px }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px }
.tile dt { color: var(--soft); font-size: 13px } .tile dd { margin: 2px 0 0; font-size: 17px; line-height: 1.5; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em }
.tile dd small { display: block; color: var(--soft); font-size: 12.5px; font-weight: 400; white-space: normal }
.first { border-color: var(--accent) } .first dd { color: var(--accent) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 600; font-size: 13px } th:first-child, td:first-child, .left { text-align: left }
tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0 } tfoot td, tfoot th { border-top: 2px solid var(--line); border-bottom: 0; font-weight: 650; color: var(--ink) }
td.muted, .muted { color: var(--soft) } td.wrap { white-space: normal; overflow-wrap: anywhere }
code, .digest { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: normal }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 6px 22px; margin: 0 } .facts dt { color: var(--soft) } .facts dd { margin: 0; overflow-wrap: anywhere }
.badge { display: inline-block; border-radius: 99px; padding: 1px 10px; font-size: 13px; font-weight: 600 } .yes { color: var(--good); background: var(--goodback) } .no { color: var(--bad); background: var(--badback) } .na { color: var(--soft); background: var(--page) }
.warnings { background: var(--warnback); color: var(--warn); border-color: transparent } .warnings ul { margin: 0; padding-left: 20px }
.marker { color: var(--soft); font-size: 12px; font-weight: 600; margin-left: 6px }
svg { display: block; width: 100%; height: auto; font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums }
.grid { stroke: var(--line); stroke-width: 1 } .axis { stroke: var(--soft); stroke-width: 1 } .tick, .label { fill: var(--soft) } .value { fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round }
.dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5 } .mean { stroke: var(--accent); stroke-width: 2 } .band { fill: var(--band) } .box { stroke: var(--soft); stroke-width: 1.5; fill: none } .median { stroke: var(--accent); stroke-width: 2.5 }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--soft); font-size: 13px; margin: 6px 0 16px } .legend i { display: inline-block; vertical-align: middle; margin-right: 7px }
.i-line { width: 18px; height: 3px; border-radius: 2px } .i-dot { width: 10px; height: 10px; border-radius: 50%; background: var(--accent) } .i-mean { width: 20px; height: 2px; background: var(--accent) } .i-band { width: 20px; height: 12px; background: var(--band) } .i-box { width: 10px; height: 12px; border: 1.5px solid var(--soft) }
.pair { margin-top: 4px; display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 22px }
.diagonal { stroke: var(--soft); stroke-dasharray: 4 4 } .residual { fill: var(--accent); fill-opacity: .45 } .curve { fill: none; stroke-width: 2 } .point { fill: var(--card); stroke-width: 2 }
.s0 { stroke: var(--s0) } .s1 { stroke: var(--s1) } .s2 { stroke: var(--s2) } .s3 { stroke: var(--s3) } .s4 { stroke: var(--s4) } .s5 { stroke: var(--s5) } .s6 { stroke: var(--s6) } .s7 { stroke: var(--s7) }
.confusion td, .confusion th { text-align: center } .confusion td { position: relative; min-width: 64px; border: 2px solid var(--card); border-radius: 6px } .confusion thead th, .confusion tbody th { border: 0 } .confusion tbody th { text-align: right }
footer { color: var(--soft); font-size: 13px; margin-top: 24px }
a { color: var(--accent) }
@media (max-width: 560px) { svg.wide { min-width: 600px } .facts { grid-template-columns: 1fr; gap: 0 } .facts dd { margin-bottom: 8px } section { padding: 16px } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #1c469e; --band: #1c469e22 }
  body { font-size: 11.5px; -webkit-print-color-adjust: exact; print-color-adjust: exact } main { max-width: none; padding: 0 } section, .tile { break-inside: avoid; border-radius: 4px } }
`
