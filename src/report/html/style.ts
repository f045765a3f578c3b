/** How the page looks, beside the style of its charts, which has the colours. */
export const pageCss = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main,.bar-in{max-width:1080px;margin:0 auto;padding:0 20px}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:12px;top:8px;z-index:9;background:var(--paper);padding:6px 10px}
.top{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--line)}
.bar-in{display:flex;gap:12px;align-items:center;min-height:48px}
.top nav{display:flex;gap:16px;overflow-x:auto;flex:1;white-space:nowrap;font-size:13.5px;padding:6px 2px}
.top nav a{color:var(--soft);text-decoration:none}
.top nav a:hover{color:var(--accent);text-decoration:underline}
button,select{font:inherit;color:inherit;max-width:100%;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:3px 10px;cursor:pointer}
button.copy{font-size:13px}
button:hover{border-color:var(--accent);color:var(--accent)}
.switch{font-size:13px;white-space:nowrap}
h1{font-size:30px;line-height:1.2;margin:34px 0 6px;letter-spacing:-.01em}
h2{font-size:21px;line-height:1.3;margin:46px 0 10px;padding-top:14px;border-top:1px solid var(--line);letter-spacing:-.005em}
h3{font-size:15.5px;margin:26px 0 6px}
p{margin:8px 0;max-width:78ch}
.lead{font-size:17px;max-width:80ch}
.soft,.note{color:var(--soft)}
.note{font-size:13.5px}
.conditions{color:var(--soft);font-size:12.5px;line-height:1.45;margin:8px 0;max-width:none}
.side{font-weight:650;font-size:17px;margin:22px 0 0}
.verdict{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap;margin:14px 0}
.badge{font-weight:600;font-size:13px;border-radius:999px;padding:2px 12px;border:1.5px solid currentColor;white-space:nowrap}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:16px;margin:16px 0}
.card{border:1px solid var(--line);border-radius:10px;padding:16px 18px;background:var(--paper)}
.card h3{margin:0 0 2px}
.card .pick{font-size:24px;font-weight:650;letter-spacing:-.01em;margin:2px 0}
.card dl{margin:10px 0 0}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;font-size:13.5px;margin:10px 0}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
.meter{display:block;width:100%;height:14px;border-radius:4px;margin:8px 0 4px;background:var(--ground)}
.first{fill:var(--first)}.second{fill:var(--second)}.third{fill:var(--third)}.fourth{fill:var(--fourth)}.rest{fill:var(--rest)}
.key{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12.5px;list-style:none;padding:0;margin:4px 0}
.key svg{width:10px;height:10px;margin-right:5px}
.scroll{overflow-x:auto;max-width:100%}
@media (min-width:1120px){.scroll.wide{width:calc(100vw - 48px);max-width:1560px;margin-left:calc(50% - min(50vw - 24px,780px))}}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:13.5px;margin:6px 0}
caption{text-align:left;color:var(--soft);font-size:13.5px;padding:4px 0}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;white-space:nowrap}
th:first-child,td:first-child,.left{text-align:left}
.words{white-space:normal;text-align:left;min-width:19em}
.words summary{white-space:nowrap;color:inherit;font-size:inherit}.words p{margin:4px 0 0 14px;font-size:12.5px}
.by{display:block;font-weight:400;font-size:12px}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom;background:var(--paper)}
thead th button{border:0;padding:0;font-weight:600;color:var(--soft);border-radius:3px;white-space:nowrap}
thead th .unit{display:block;font-weight:400;font-size:12px}
th[aria-sort=ascending] button::after{content:" ▲";content:" ▲" / "";font-size:10px}
th[aria-sort=descending] button::after{content:" ▼";content:" ▼" / "";font-size:10px}
tbody th{font-weight:600}
.wide tbody th,.wide thead th:first-child{position:sticky;left:0;background:var(--paper);z-index:1}
tr.beaten td,tr.beaten th{color:var(--soft)}
tr.floor td,tr.floor th{font-style:italic}
tr.on td,tr.on th,tr.on:hover td{background:var(--ground)}
td .cellbar{display:block;width:100%;min-width:64px;height:4px;margin-top:3px;background:var(--ground);border-radius:2px}
td .cellbar rect{height:100%;fill:var(--accent);opacity:.65}
.pm{color:var(--soft);font-size:12.5px}
figure{margin:14px 0 26px}
figure .scroll{border:1px solid var(--line);border-radius:10px}
figure svg.chart{display:block;width:100%;height:auto;border-radius:10px}
.under{display:flex;gap:10px;align-items:flex-start;flex-wrap:wrap;margin-top:6px;font-size:13.5px}
.under details{flex:1;min-width:min(100%,260px)}
summary{cursor:pointer;color:var(--accent);font-size:13.5px}
pre{background:var(--ground);border-radius:8px;padding:12px 14px;overflow-x:auto;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.command{display:grid;grid-template-columns:1fr auto;gap:8px;align-items:start;margin:10px 0}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:14px;border-top:1px solid var(--line);padding:8px 0}
.pair pre{margin:0}.prompt pre{unicode-bidi:plaintext}
.pair h4{margin:0 0 4px;font-size:13.5px}
mark{background:var(--mark);color:inherit;border-radius:2px;padding:0 1px}
.same{color:var(--soft)}
ul.plain{padding-left:18px;margin:6px 0}
.tip{position:fixed;z-index:20;max-width:340px;background:var(--ink);color:var(--paper);font-size:13px;line-height:1.4;padding:6px 10px;border-radius:6px;pointer-events:none;left:0;top:0}
.tip[hidden]{display:none}
footer{margin:60px 0 40px;border-top:1px solid var(--line);padding-top:14px}
@media (max-width:700px){
body{font-size:15px}main,.bar-in{padding:0 14px}h1{font-size:25px}h2{margin-top:42px}
figure svg.chart{width:860px;max-width:none}
.pair{grid-template-columns:minmax(0,1fr)}
.command{grid-template-columns:minmax(0,1fr)}
dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:6px}
}
@media print{
@page{margin:14mm}
@page wide{size:landscape;margin:10mm}
#table{page:wide}
.pm,.unit,.by,caption,.words p,thead th .unit{font-size:inherit}
html{scroll-padding-top:0}body{font-size:10.5pt}
.top,.skip,.tip,.no-print,button.copy{display:none!important}
thead th button{color:inherit}
main{max-width:none;padding:0}h1{margin-top:0}h2{margin-top:26px;break-after:avoid}h3{break-after:avoid}
.scroll,.scroll.wide{overflow:visible;width:auto;margin:0}figure,.card,.pair,tr,.command{break-inside:avoid}
figure svg.chart{width:100%;max-width:100%}
table{font-size:8pt}#table table{font-size:7pt}th,td{padding:2px 4px;white-space:normal}.words{min-width:0}td .cellbar{min-width:0}
details::details-content{content-visibility:visible;block-size:auto}
.under details{display:none}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`.trim();
