/**
 * What the page does beyond being read: sorting, hover, theme, copying with the conditions. Without it everything is still there. It is the text that the
 * browser runs, and its digest stands in the page's policy.
 */
export const pageScript = `
'use strict';
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const say = (text) => { document.getElementById('said').textContent = text; };

// Theme: as the system has it, light, dark.
const themes = ['auto', 'light', 'dark'];
const themeButton = document.getElementById('theme');
function showTheme(theme) {
  if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
  themeButton.textContent = 'Theme: ' + theme;
}
themeButton.hidden = false;
let theme = 'auto';
try { theme = localStorage.getItem('qpipe-theme') || 'auto'; } catch {}
showTheme(theme);
themeButton.addEventListener('click', () => {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length];
  showTheme(theme);
  try { localStorage.setItem('qpipe-theme', theme); } catch {}
});

// Sorting: by data-v of the cells, what is missing last.
for (const button of all('table.sortable thead button')) {
  const head = button.closest('th');
  button.addEventListener('click', () => {
    const table = head.closest('table');
    const body = table.tBodies[0];
    const column = head.cellIndex;
    const before = head.getAttribute('aria-sort');
    const down = before ? before === 'ascending' : head.dataset.first === 'down';
    const value = (row) => row.cells[column].dataset.v ?? '';
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === '' || y === '') return (x === '') - (y === '');
      const order = isNaN(x) || isNaN(y) ? x.localeCompare(y) : x - y;
      return down ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
    for (const other of all('th', table.tHead)) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    say('sorted by ' + button.textContent + ', ' + (down ? 'largest first' : 'smallest first'));
  });
}

// One of several, by a list: without scripts all of them are shown.
for (const list of all('select[data-shows]')) {
  const choices = all('[data-choice="' + list.dataset.shows + '"]');
  const choose = () => { for (const one of choices) one.hidden = one.dataset.name !== list.value; };
  list.parentElement.hidden = false;
  list.addEventListener('change', choose);
  choose();
}

// Hover and arrow keys: what a mark is, and the same row everywhere.
const tip = document.getElementById('tip');
for (const mark of all('.mark')) {
  const title = mark.querySelector('title');
  mark.dataset.tip = title.textContent;
  title.remove();
}
let shown = null;
function show(mark, x, y) {
  if (shown && shown !== mark) hide();
  shown = mark;
  for (const same of all('[data-row]')) same.classList.toggle('on', same.dataset.row === mark.dataset.row);
  if (!mark.dataset.tip) return;
  tip.textContent = mark.dataset.tip;
  tip.hidden = false;
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + 'px';
  tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18) + 'px';
}
function hide() {
  shown = null;
  tip.hidden = true;
  for (const same of all('.on')) same.classList.remove('on');
}
document.addEventListener('pointermove', (event) => {
  const mark = event.target.closest?.('.mark, tr[data-row]');
  if (mark) show(mark, event.clientX, event.clientY); else if (shown) hide();
});
for (const box of all('figure .scroll')) {
  let at = -1;
  box.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') return hide();
    const marks = all('.mark', box);
    if (!step || marks.length === 0) return;
    event.preventDefault();
    at = (at + step + marks.length) % marks.length;
    const place = marks[at].getBoundingClientRect();
    show(marks[at], place.left, place.top);
    say(marks[at].dataset.tip);
  });
  box.addEventListener('blur', () => { at = -1; hide(); });
}

// Nothing is copied without its conditions.
const conditions = document.getElementById('conditions').textContent;
async function copy(text, what) {
  try { await navigator.clipboard.writeText(text); }
  catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say(what + ' copied, with its conditions');
}
for (const button of all('button.copy')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const of = document.getElementById(button.dataset.of);
    if (of.matches('pre')) return copy('# ' + conditions + '\\n' + of.textContent + '\\n', 'command');
    if (of.matches('svg')) {
      const chart = of.cloneNode(true);
      chart.prepend(document.getElementById('chart-style').cloneNode(true));
      return copy(new XMLSerializer().serializeToString(chart), 'chart');
    }
    const lines = all('tr', of).map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\\s+/g, ' ').trim()).join('\\t'));
    copy(lines.join('\\n') + '\\n' + (of.dataset.conditions || conditions) + '\\n', 'table');
  });
}
document.addEventListener('copy', (event) => {
  const selection = getSelection();
  if (!event.clipboardData || selection.isCollapsed || event.target.matches?.('textarea')) return;
  const box = document.createElement('div');
  for (let i = 0; i < selection.rangeCount; i++) box.append(selection.getRangeAt(i).cloneContents());
  const line = document.createElement('p');
  line.textContent = conditions;
  box.append(line);
  event.clipboardData.setData('text/plain', selection.toString() + '\\n' + conditions + '\\n');
  event.clipboardData.setData('text/html', box.innerHTML);
  event.preventDefault();
});
`.trim();
