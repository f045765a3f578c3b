// Makes a picture of what a terminal shows: text with ANSI colours on stdin, SVG on stdout. The panel has a background of its own,
// so it can be read on a light page and on a dark one.
//
//   tmux capture-pane -e -p | node scripts/picture/terminal-to-svg.cjs "title" > picture.svg

const { readFileSync } = require('node:fs');

const cell = { width: 7.8, height: 18, font: 13 };
const margin = 14;
const ink = { plain: '#d6dae0', dim: '#8b949e', 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#56d4dd' };
const paper = '#161b22';

/** A terminal keeps it from line to line. */
let style = { color: null, bold: false, dim: false };

const title = process.argv[2] ?? 'A terminal';
const lines = readFileSync(0, 'utf8').replace(/\s+$/, '').split('\n').map(wordsOf);
const columns = Math.max(...lines.flat().map((word) => word.column + [...word.text].length));
const width = Math.ceil(columns * cell.width + 2 * margin);
const height = Math.ceil(lines.length * cell.height + 2 * margin);

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${paper}" stroke="#30363d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="${cell.font}" fill="${ink.plain}">
${lines.flatMap((words, row) => words.map((word) => drawn(word, row))).join('\n')}
</g>
</svg>`);

/** Words each stand at their own column: a font of another width, or a sign from another font, moves nothing but itself. */
function wordsOf(line) {
  const words = [];
  let column = 0;
  for (const part of line.split(/(\x1b\[[\d;]*[A-Za-z])/)) {
    if (part.startsWith('\x1b')) {
      if (part.endsWith('m')) style = part.slice(2, -1).split(';').map(Number).reduce(styled, style);
      continue;
    }
    for (const piece of part.split(/( +)/)) {
      if (piece.trim() !== '') words.push({ column, text: piece, ...style });
      column += [...piece].length;
    }
  }
  return words;
}

function styled(style, code) {
  if (code === 0) return { color: null, bold: false, dim: false };
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, color: null };
  return ink[code] ? { ...style, color: ink[code] } : style;
}

function drawn({ column, text, color, bold, dim }, row) {
  const x = margin + column * cell.width;
  const top = margin + row * cell.height;
  if (/^[█░]+$/.test(text)) return bar(text, x, top);
  const fill = color ?? (dim ? ink.dim : null);
  const length = ([...text].length * cell.width).toFixed(1);
  const fit = [...text].length > 1 ? ` textLength="${length}" lengthAdjust="spacingAndGlyphs"` : '';
  const look = `${fill ? ` fill="${fill}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
  return `<text x="${x.toFixed(1)}" y="${top + cell.font}"${fit}${look}>${escaped(text)}</text>`;
}

/** Blocks are drawn, because fonts leave gaps between them. */
function bar(text, x, top) {
  const total = [...text].length * cell.width;
  const full = [...text].filter((sign) => sign === '█').length * cell.width;
  const piece = (length, fill) => `<rect x="${x.toFixed(1)}" y="${top + 3}" width="${length.toFixed(1)}" height="11" fill="${fill}"/>`;
  return piece(total, '#30363d') + (full > 0 ? piece(full, ink[32]) : '');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
