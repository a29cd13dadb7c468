/** The page's style. Colours are Okabe and Ito's, which stay apart for the colour-blind; states also have patterns. */
export const style = `
:root { color-scheme: light dark;
  --bg: #fff; --fg: #1a1a1a; --dim: #5c5c5c; --line: #d8d8d8; --band: #f5f5f5; --bad: #b00020; --good: #00694b;
  --s0: #0072b2; --s1: #c26a00; --s2: #a3447a; --s3: #007a5a; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #16181b; --fg: #e8e8e8; --dim: #a5a5a5; --line: #3a3d42; --band: #1f2226; --bad: #ff8a80; --good: #5fd3a8;
  --s0: #56b4e9; --s1: #e69f00; --s2: #e08bbb; --s3: #2fbf95; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 4rem; background: var(--bg); color: var(--fg);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.25rem; margin: 0; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
section { border-top: 2px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
p { margin: .25rem 0 .5rem; max-width: 60rem; } .dim, figcaption, caption { color: var(--dim); }
.bad { color: var(--bad); } .good { color: var(--good); }
nav ul, ul.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0; }
a { color: var(--s0); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.why { margin: 0 0 .75rem; padding-left: 1.25rem; max-width: 60rem; } td.n { white-space: nowrap; }
th[scope=col] { color: var(--dim); font-weight: 500; } .n { text-align: right; }
code, .mono { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--band); padding: .5rem .75rem; overflow-x: auto; max-height: 20rem; margin: .25rem 0; }
.bar { display: inline-block; height: .7rem; min-width: 1px; vertical-align: middle; }
.s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
.bar, .key { background: var(--c); } .name { color: var(--c); font-weight: 600; }
.key { display: inline-block; width: 1.2rem; height: .25rem; margin-right: .4rem; vertical-align: middle; }
svg { width: 100%; max-width: 48rem; height: auto; display: block; } svg text { font-size: 11px; fill: var(--dim); }
.grid { stroke: var(--line); stroke-width: 1; } .curve { fill: none; stroke: var(--c); stroke-width: 2; }
.curve.s1 { stroke-dasharray: 7 3; } .curve.s2 { stroke-dasharray: 2 3; } .curve.s3 { stroke-dasharray: 9 3 2 3; }
figure { margin: .5rem 0 1rem; }
.lanes { position: relative; border: 1px solid var(--line); border-radius: 4px; }
.lanes canvas { display: block; width: 100%; cursor: grab; touch-action: pan-y; }
.lanes canvas:focus-visible { outline: 3px solid var(--s0); outline-offset: 2px; }
.tools { display: flex; gap: .35rem; align-items: center; margin: .35rem 0; flex-wrap: wrap; }
button { font: inherit; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 4px; background: var(--band);
  color: inherit; cursor: pointer; }
.tip { position: absolute; pointer-events: none; background: var(--bg); color: var(--fg); border: 1px solid var(--dim);
  border-radius: 4px; padding: .3rem .5rem; font-size: 13px; line-height: 1.35; max-width: 26rem; z-index: 1; }
.told { min-height: 1.5rem; font-size: 13px; }
`;
