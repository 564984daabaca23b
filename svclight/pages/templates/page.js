'use strict';(() => {
const $ = (s, of = document) => of.querySelector(s), all = (s, of = document) => [...of.querySelectorAll(s)];
document.body.classList.add('on');
const data = JSON.parse($('#data').textContent), words = data.words, lang = document.documentElement.lang;
const percent = x => (100 * x).toLocaleString(lang, {minimumFractionDigits: 1, maximumFractionDigits: 1});
const whole = n => n.toLocaleString(lang);
const sum = c => c[0] + c[1] + c[2];
const wilson = (x, n) => {const z = 1.959963984540054, p = x / n, d = 1 + z * z / n, m = p + z * z / 2 / n, h = z * Math.sqrt(p * (1 - p) / n + z * z / 4 / n / n); return [(m - h) / d, (m + h) / d]};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// one tooltip for all figures: by pointer, by touch, by keyboard
const tip = $('#tip');
const show = (mark, x, y) => {all('.at').forEach(m => m.classList.remove('at')); if (!mark) {tip.hidden = true; return}
  mark.classList.add('at'); tip.textContent = mark.dataset.tip; tip.hidden = false;
  const w = tip.offsetWidth, h = tip.offsetHeight;
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - w - 8)) + 'px'; tip.style.top = Math.max(4, y + 16 + h > innerHeight ? y - h - 12 : y + 16) + 'px'};
document.addEventListener('pointermove', e => {if (e.pointerType !== 'touch') show(e.target.closest('[data-tip]'), e.clientX, e.clientY)});
document.addEventListener('pointerdown', e => {if (e.pointerType === 'touch') show(e.target.closest('[data-tip]'), e.clientX, e.clientY)});
document.addEventListener('scroll', () => show(null), {passive: true});
document.addEventListener('keydown', e => {
  if (e.key === 'Escape') return show(null);
  const figure = e.target.closest('svg[tabindex]'); if (!figure) return;
  const marks = all('[data-tip]', figure), now = marks.findIndex(m => m.classList.contains('at'));
  const to = {ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: marks.length - 1}[e.key];
  if (to === undefined || !marks.length) return; e.preventDefault();
  const mark = marks[(to + marks.length) % marks.length], box = mark.getBoundingClientRect(); show(mark, box.left + box.width / 2, box.bottom)});
document.addEventListener('focusout', () => show(null));

// filters; their state stands in the address
const rows = all('.criteria tbody tr'), body = $('.criteria tbody');
const first = new Map(rows.map(r => [r.dataset.key, {share: $('.share', r).innerHTML, of: $('.of', r).innerHTML, spark: $('.sparkcell', r).innerHTML, said: all('.said', r).map(t => t.innerHTML)}]));
const inputs = {critical: $('#critical'), process: $('#process'), segment: $('#segment'), period: $('#period')};
let sorted = '';
const state = () => ({critical: inputs.critical?.getAttribute('aria-pressed') === 'true' ? '1' : '', process: inputs.process?.value || '', segment: inputs.segment?.value || '', period: inputs.period?.value || '', sort: sorted});
const table = (counts, title) => {const step = 312 / counts.length, gap = Math.min(2, step / 4), kinds = ['G', 'Y', 'R'];
  return '<svg class="stacks" viewBox="0 0 312 46" role="img" tabindex="0">' + counts.map((c, i) => {const n = sum(c); if (!n) return '';
    let y = 0; const x = i * step + gap / 2, w = step - gap;
    const bars = [2, 1, 0].map(k => {const t = 46 * c[k] / n, d = `<path class="${kinds[k]}" d="M${x.toFixed(1)} ${y.toFixed(1)}h${w.toFixed(1)}v${t.toFixed(1)}h-${w.toFixed(1)}z"/>`; y += t; return t ? d : ''}).join('');
    return `<g data-i="${i}">${bars}</g>`}).join('') + '</svg>'};
const draw = (row, s) => {const was = first.get(row.dataset.key), plain = !s.segment && s.period === '';
  const counts = s.segment ? data.parts[+s.segment][row.dataset.key] : data.whole[row.dataset.key];
  all('.said', row).forEach((cell, i) => cell.innerHTML = was.said[i]);
  if (plain) {$('.share', row).innerHTML = was.share; $('.of', row).innerHTML = was.of; $('.sparkcell', row).innerHTML = was.spark; return}
  const at = s.period !== '' ? +s.period : data.judged[row.dataset.key], c = counts && at >= 0 ? counts[at] : [0, 0, 0], n = sum(c);
  if (n) {const [low, high] = wilson(c[0], n);
    $('.share', row).innerHTML = '<b></b><small></small>'; $('.share b', row).textContent = percent(c[0] / n) + ' %'; $('.share small', row).textContent = fill(words.range, {low: percent(low), high: percent(high)}) + '\u00a0%'}
  else $('.share', row).textContent = words.none;
  $('.of', row).textContent = whole(n);
  all('.said', row).forEach(cell => {cell.textContent = '–'});
  $('.sparkcell', row).innerHTML = s.segment ? table(counts || [], row.dataset.key) : was.spark;
  if (s.segment) {const svg = $('.sparkcell svg', row); svg.setAttribute('aria-label', $('th a', row).textContent);
    all('[data-i]', svg).forEach(g => {const d = counts[+g.dataset.i], m = sum(d); g.dataset.tip = data.periods[+g.dataset.i] + '\n' + d.map((v, k) => data.letters[k] + ' ' + percent(v / m) + ' %').join(' · ') + '\n' + fill(words.rated, {count: whole(m)})})}};
const apply = () => {const s = state();
  all('.criteria tbody tr,.criterion,.overview tbody tr').forEach(r => {const of = r.dataset.key ? rows.find(x => x.dataset.key === r.dataset.key) : r;
    r.hidden = !!of && ((s.critical && of.dataset.critical === undefined) || (s.process && of.dataset.process !== s.process))});
  rows.forEach(r => draw(r, s));
  const said = []; if (s.segment) said.push(inputs.segment.selectedOptions[0].text); if (s.period !== '') said.push(inputs.period.selectedOptions[0].text);
  const note = $('#narrowed'); if (note) {note.textContent = said.length ? fill(words.narrowed, {what: said.join(', ')}) : ''; note.hidden = !said.length}
  const query = new URLSearchParams(Object.entries(s).filter(([, v]) => v !== '')).toString(), hash = location.hash.split('?')[0];
  try {history.replaceState(null, '', (hash || '#') + (query ? '?' + query : ''))} catch {}};
const sort = (by, down) => {const at = +by; [...rows].sort((a, b) => (down ? -1 : 1) * (a.dataset.order.split(' ')[at] - b.dataset.order.split(' ')[at])).forEach(r => body.append(r));
  all('.criteria thead [data-by]').forEach(b => {const th = b.closest('th'); if (b.dataset.by === by) th.setAttribute('aria-sort', down ? 'descending' : 'ascending'); else th.removeAttribute('aria-sort')}); sorted = by + (down ? 'd' : 'u')};
all('.criteria thead [data-by]').forEach(b => b.onclick = () => {sort(b.dataset.by, sorted === b.dataset.by + 'u'); apply()});
if (inputs.critical) inputs.critical.onclick = () => {inputs.critical.setAttribute('aria-pressed', inputs.critical.getAttribute('aria-pressed') !== 'true'); apply()};
['process', 'segment', 'period'].forEach(name => {if (inputs[name]) inputs[name].onchange = apply});
const restore = () => {const q = new URLSearchParams(location.hash.split('?')[1] || '');
  if (inputs.critical) inputs.critical.setAttribute('aria-pressed', q.get('critical') === '1');
  ['process', 'segment', 'period'].forEach(name => {const box = inputs[name]; if (box && [...box.options].some(o => o.value === (q.get(name) || ''))) box.value = q.get(name) || ''});
  const by = q.get('sort'); if (/^[0-3][ud]$/.test(by || '')) sort(by[0], by[1] === 'd');
  const place = document.getElementById(location.hash.slice(1).split('?')[0]); if (place) place.scrollIntoView();
  if (rows.length) apply()};
restore();

// copying
const copy = async (text, button) => {try {await navigator.clipboard.writeText(text)} catch {const box = document.createElement('textarea'); box.value = text; document.body.append(box); box.select(); document.execCommand('copy'); box.remove()}
  const was = button.textContent; button.textContent = words.copied; setTimeout(() => {button.textContent = was}, 1500)};
all('.copy').forEach(b => b.onclick = () => {const of = $('table', b.closest('section,div').querySelector('table') ? b.closest('section,div') : b.closest('section'));
  copy([...of.rows].map(r => [...r.cells].map(c => c.innerText.replace(/\s+/g, ' ').trim()).join('\t')).join('\n'), b)});
all('.command').forEach(b => b.onclick = () => copy($('code', b.parentNode).textContent, b));
})();
