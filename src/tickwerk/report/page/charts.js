// Draws the charts of a tickwerk page as SVG, from the JSON beside each. Colours are the style's, so a change of
// theme draws nothing anew; a change of width does.
const DASHES = ['', '7 3', '2 3', '9 3 2 3'];
const NUM_COLOURS = 8;

function svg(parent, name, attributes, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}
function html(parent, name, attributes, text) {
  const node = document.createElement(name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}

function read(data) {
  const chart = { kind: data.kind, y: data.y, xAxis: data.x, step: data.step, groups: data.groups };
  const titled = data.x && data.x.title ? data.x.title + ': ' : '';
  if (data.kind === 'dates') {
    let sum = 0;
    chart.x = data.times.map(difference => (sum += difference) * data.step);
    chart.xText = i => timeText(chart.x[i], data.step);
  } else if (data.kind === 'numbers') {
    chart.x = data.points.map(point => point * UNITS[data.x.unit].factor);
    chart.xText = i => titled + told(chart.x[i], data.x.unit);
  } else {
    chart.x = data.groups.map((_, i) => i);
    chart.xText = i => titled + data.groups[i];
  }
  const factor = UNITS[data.y.unit].factor;
  const scaled = values => values && values.map(value => value === null ? null : value * factor);
  chart.series = data.series.map((one, i) => ({
    name: one.name, area: one.area, dots: one.dots, values: scaled(one.values), low: scaled(one.low), high: scaled(one.high),
    colour: 'var(--s' + i % NUM_COLOURS + ')', dash: DASHES[Math.floor(i / NUM_COLOURS) % DASHES.length], shown: true,
  }));
  chart.half = data.kind === 'bars' ? 0.5 : 0;
  return chart;
}

function build(figure, index) {
  const plot = figure.querySelector('.plot');
  const chart = read(JSON.parse(figure.querySelector('script').textContent));
  const count = chart.x.length;
  const whole = [count ? chart.x[0] - chart.half : 0, count ? chart.x[count - 1] + chart.half : 1];
  if (whole[0] === whole[1]) {
    const around = chart.step || Math.abs(whole[0]) / 2 || 1;
    whole[0] -= around;
    whole[1] += around;
  }
  const view = whole.slice();
  let at = -1, frame = null, drag = null;

  const legend = html(null, 'div', { class: 'legend' });
  if (chart.series.length > 1) {
    plot.before(legend);
    chart.series.forEach(legendButton);
  }
  const reset = html(plot, 'button', { type: 'button', class: 'whole', hidden: '' }, 'Show the whole');
  reset.addEventListener('click', () => { zoom(whole[0], whole[1]); plot.focus(); });
  reset.addEventListener('pointerdown', event => event.stopPropagation());
  reset.addEventListener('keydown', event => event.stopPropagation());
  const tip = html(plot, 'div', { class: 'told', hidden: '' });
  const status = html(figure, 'div', { class: 'unseen', role: 'status' });

  function legendButton(series) {
    const button = html(legend, 'button', { type: 'button', 'aria-pressed': 'true' });
    swatch(button, series);
    html(button, 'span', {}, series.name);
    button.addEventListener('click', () => {
      series.shown = !series.shown;
      button.setAttribute('aria-pressed', String(series.shown));
      draw();
    });
  }
  function swatch(parent, series) {
    const bars = chart.kind === 'bars';
    const key = svg(parent, 'svg', { width: bars ? 10 : 22, height: 10, 'aria-hidden': 'true' });
    if (bars) {
      svg(key, 'rect', { x: 0, y: 0, width: 10, height: 10, style: 'fill:' + series.colour });
    } else {
      svg(key, 'path', { d: 'M1 5H21', class: 'line', 'stroke-dasharray': series.dash, style: 'stroke:' + series.colour });
    }
  }

  // The points in view, and one more on each side so that lines reach the edges.
  function inView() {
    let first = 0, last = count - 1;
    while (first < last && chart.x[first + 1] <= view[0]) ++first;
    while (last > first && chart.x[last - 1] >= view[1]) --last;
    return [first, last];
  }
  function yRange() {
    let low = Infinity, high = -Infinity;
    const see = value => {
      if (value === null) return;
      low = Math.min(low, value);
      high = Math.max(high, value);
    };
    chart.series.filter(series => series.shown).forEach(series => {
      if (chart.kind === 'bars' || series.area) see(0);
      for (let i = 0; i < count; ++i) {
        if (chart.x[i] < view[0] || chart.x[i] > view[1]) continue;
        see(series.values[i]);
        if (series.low) { see(series.low[i]); see(series.high[i]); }
      }
    });
    if (low > high) return null;
    const pad = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.1 || 1;
    return [low === 0 && chart.half ? 0 : low - pad, high === 0 && (chart.half || low < 0) ? high + pad / 4 : high + pad];
  }

  function bottomTicks(width) {
    if (chart.kind === 'dates') return { ticks: timeTicks(view[0], view[1], width), turned: false, height: 0 };
    if (chart.kind === 'numbers') {
      const ticks = numberTicks(view[0], view[1], Math.max(2, Math.floor(width / 80)));
      ticks.forEach(tick => { tick.text += UNITS[chart.xAxis.unit].suffix; });
      return { ticks, turned: false, height: 0 };
    }
    const [first, last] = inView();
    const band = width / (view[1] - view[0]);
    let ticks = [];
    for (let i = first; i <= last; ++i) {
      const name = chart.groups[i];
      if (i >= view[0] && i <= view[1]) ticks.push({ at: i, text: name.length > 22 ? name.slice(0, 21) + '\u2026' : name });
    }
    const widest = Math.max(0, ...ticks.map(tick => textWidth(tick.text)));
    const turned = widest > band - 4 && widest > 24;
    const every = Math.ceil((turned ? 15 : widest + 6) / band);
    if (every > 1) ticks = ticks.filter((_, i) => i % every === 0);
    // How far left of the first band a turned name reaches.
    const over = turned ? Math.max(...ticks.map(tick => textWidth(tick.text) * 0.75 + 6 - band * (tick.at - view[0]))) : 0;
    return { ticks, turned, height: turned ? Math.min(150, widest * 0.7) : 0, over };
  }

  function draw() {
    const width = Math.max(200, plot.clientWidth);
    const range = yRange();
    plot.querySelector('svg')?.remove();
    const height = width < 560 ? 250 : 330;
    const root = svg(null, 'svg', { 'aria-hidden': 'true' });
    plot.prepend(root);
    frame = null;
    tip.hidden = true;
    reset.hidden = view[0] === whole[0] && view[1] === whole[1];
    if (!count || !range) {
      root.setAttribute('viewBox', '0 0 ' + width + ' 80');
      root.setAttribute('width', width);
      root.setAttribute('height', 80);
      svg(root, 'text', { x: 0, y: 40, class: 'nothing' }, count ? 'No value to draw' : 'No data');
      return;
    }
    const suffix = UNITS[chart.y.unit].suffix;
    const yTicks = numberTicks(range[0], range[1], Math.floor(height / 52));
    yTicks.forEach(tick => { tick.text += suffix; });
    let left = Math.ceil(Math.max(...yTicks.map(tick => textWidth(tick.text)), 12)) + 10;
    const right = 14, top = chart.y.title ? 30 : 22;
    let below = bottomTicks(width - left - right);
    if (below.over > left) {
      left = Math.ceil(below.over) + 2;
      below = bottomTicks(width - left - right);
    }
    const xTitle = chart.xAxis && chart.xAxis.title;
    const bottom = 22 + below.height + (xTitle ? 20 : 0);
    const total = height + below.height;
    root.setAttribute('viewBox', '0 0 ' + width + ' ' + total);
    root.setAttribute('width', width);
    root.setAttribute('height', total);
    const inner = { left, right: width - right, top, bottom: total - bottom };
    // Far outside the view any place will do, but a number.
    const near = place => Math.max(-1e5, Math.min(1e5, place));
    const toX = value => near(left + (value - view[0]) / (view[1] - view[0]) * (inner.right - left));
    const toY = value => near(inner.bottom - (value - range[0]) / (range[1] - range[0]) * (inner.bottom - top));
    frame = { width, inner, toX, toY, root };

    if (chart.y.title) svg(root, 'text', { x: 0, y: 12, class: 'title' }, chart.y.title);
    for (const tick of yTicks) {
      const y = Math.round(toY(tick.at));
      svg(root, 'path', { class: Math.abs(tick.at) < 1e-12 ? 'zero' : 'grid', d: 'M' + left + ' ' + y + 'H' + inner.right });
      svg(root, 'text', { x: left - 8, y: y + 4, 'text-anchor': 'end' }, tick.text);
    }
    for (const tick of below.ticks) {
      const x = toX(tick.at), half = textWidth(tick.text) / 2;
      if (!chart.half) svg(root, 'path', { class: 'grid', d: 'M' + Math.round(x) + ' ' + inner.bottom + 'v5' });
      if (below.turned) {
        svg(root, 'text', { transform: 'translate(' + (x + 4) + ' ' + (inner.bottom + 14) + ') rotate(-42)', 'text-anchor': 'end' }, tick.text);
      } else {
        const kept = Math.max(half, Math.min(width - half, x));
        svg(root, 'text', { x: kept, y: inner.bottom + 18, 'text-anchor': 'middle' }, tick.text);
      }
    }
    if (xTitle) {
      svg(root, 'text', { x: (left + inner.right) / 2, y: total - 3, 'text-anchor': 'middle', class: 'title' }, xTitle);
    }
    const clip = svg(root, 'clipPath', { id: 'clip-' + index });
    svg(clip, 'rect', { x: left, y: top - 2, width: inner.right - left, height: inner.bottom - top + 4 });
    const marks = svg(root, 'g', { class: 'marks', 'clip-path': 'url(#clip-' + index + ')' });
    (chart.kind === 'bars' ? drawBars : drawLines)(marks, toX, toY);
    frame.over = svg(root, 'g', {});
    if (at >= 0) point(at);
  }

  function drawLines(marks, toX, toY) {
    const [first, last] = inView();
    const x = i => toX(chart.x[i]).toFixed(1);
    const y = value => toY(value).toFixed(1);
    for (const series of chart.series) {
      if (!series.shown) continue;
      const colour = series.colour;
      if (series.dots) { drawDots(marks, series, toX, toY); continue; }
      let line = '', begin = -1;
      const close = end => {
        if (begin < 0) return;
        if (begin === end) svg(marks, 'circle', { cx: x(end), cy: y(series.values[end]), r: 2, style: 'fill:' + colour });
        if (series.area && end > begin) {
          let area = 'M' + x(begin) + ' ' + y(0);
          for (let i = begin; i <= end; ++i) area += 'L' + x(i) + ' ' + y(series.values[i]);
          svg(marks, 'path', { class: 'area', d: area + 'L' + x(end) + ' ' + y(0) + 'Z', style: 'fill:' + colour });
        }
        begin = -1;
      };
      for (let i = first; i <= last; ++i) {
        if (series.values[i] === null) { close(i - 1); continue; }
        line += (begin < 0 ? 'M' : 'L') + x(i) + ' ' + y(series.values[i]);
        if (begin < 0) begin = i;
      }
      close(last);
      if (series.low) drawBand(marks, series, first, last, x, y);
      if (line.includes('L')) svg(marks, 'path', { class: 'line', d: line, 'stroke-dasharray': series.dash, style: 'stroke:' + colour });
    }
  }
  function drawDots(marks, series, toX, toY) {
    const there = series.values.map((_, i) => i).filter(i => series.values[i] !== null);
    const spot = i => toX(chart.x[i]).toFixed(1) + ' ' + toY(series.values[i]).toFixed(1);
    if (there.length > 1) {
      svg(marks, 'path', { class: 'line', d: 'M' + there.map(spot).join('L'), 'stroke-dasharray': series.dash, style: 'stroke:' + series.colour });
    }
    for (const i of there) {
      if (series.low && series.low[i] !== null && series.high[i] !== null) {
        whisker(marks, toX(chart.x[i]), toY(series.low[i]), toY(series.high[i]), 4);
      }
      const [x, y] = spot(i).split(' ');
      svg(marks, 'circle', { cx: x, cy: y, r: 3.5, style: 'fill:' + series.colour });
    }
  }
  function whisker(marks, middle, low, high, cap) {
    svg(marks, 'path', {
      class: 'whisker', d: 'M' + middle + ' ' + low + 'V' + high + 'M' + (middle - cap) + ' ' + low + 'h' + 2 * cap +
        'M' + (middle - cap) + ' ' + high + 'h' + 2 * cap,
    });
  }
  function drawBand(marks, series, first, last, x, y) {
    for (let i = first; i <= last; ++i) {
      let end = i;
      while (end <= last && series.low[end] !== null && series.high[end] !== null) ++end;
      if (end === i) continue;
      let band = '';
      for (let k = i; k < end; ++k) band += (k === i ? 'M' : 'L') + x(k) + ' ' + y(series.high[k]);
      for (let k = end - 1; k >= i; --k) band += 'L' + x(k) + ' ' + y(series.low[k]);
      svg(marks, 'path', { class: 'area', d: band + 'Z', style: 'fill:' + series.colour });
      i = end;
    }
  }
  function drawBars(marks, toX, toY) {
    const shown = chart.series.filter(series => series.shown);
    const band = toX(1) - toX(0);
    const each = Math.min(48, band * 0.78 / Math.max(1, shown.length));
    const gap = each > 6 ? 1 : 0;
    const [first, last] = inView();
    for (let i = first; i <= last; ++i) {
      shown.forEach((series, place) => {
        const value = series.values[i];
        const x = toX(i) + (place - shown.length / 2) * each;
        if (value !== null) {
          const top = toY(Math.max(0, value)), height = Math.abs(toY(value) - toY(0));
          svg(marks, 'rect', {
            x: (x + gap / 2).toFixed(2), y: top.toFixed(2), width: Math.max(0.5, each - gap).toFixed(2),
            height: Math.max(value === 0 ? 0 : 0.75, height).toFixed(2), style: 'fill:' + series.colour,
          });
        }
        if (series.low && series.low[i] !== null && series.high[i] !== null) {
          whisker(marks, x + each / 2, toY(series.low[i]), toY(series.high[i]), Math.min(5, each / 4));
        }
      });
    }
  }

  // The cursor at point i, with the values there.
  function point(i) {
    at = i;
    if (!frame || i < 0) return;
    const { inner, toX, toY, over, width } = frame;
    const x = toX(chart.x[i]);
    over.textContent = '';
    tip.textContent = '';
    if (x < inner.left - 1 || x > inner.right + 1) { tip.hidden = true; return; }
    svg(over, 'path', { class: 'cursor', d: 'M' + x + ' ' + inner.top + 'V' + inner.bottom });
    html(tip, 'div', {}, chart.xText(i));
    const rows = html(html(tip, 'table', {}), 'tbody', {});
    const unit = chart.y.unit;
    for (const series of chart.series) {
      if (!series.shown) continue;
      const value = series.values[i];
      if (value !== null && chart.kind !== 'bars') {
        svg(over, 'circle', { class: 'at', cx: x, cy: toY(value), r: 4, style: 'fill:' + series.colour });
      }
      const row = html(rows, 'tr', {});
      swatch(html(row, 'td', {}), series);
      html(row, 'td', {}, series.name);
      const cell = html(row, 'td', {}, told(value, unit));
      if (series.low && series.low[i] !== null) {
        html(cell, 'div', {}, told(series.low[i], unit) + ' to ' + told(series.high[i], unit));
      }
    }
    tip.hidden = false;
    const room = tip.offsetWidth + 14;
    tip.style.left = Math.max(0, x > width / 2 ? x - room : Math.min(x + 14, width - tip.offsetWidth)) + 'px';
    tip.style.top = inner.top + 'px';
  }
  function leave() {
    at = -1;
    tip.hidden = true;
    if (frame) frame.over.textContent = '';
  }
  function nearest(value) {
    let low = 0, high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (chart.x[middle] < value) low = middle + 1; else high = middle;
    }
    return low > 0 && value - chart.x[low - 1] < chart.x[low] - value ? low - 1 : low;
  }
  function zoom(from, to) {
    if (to - from < (count > 1 ? (whole[1] - whole[0]) / (count - 1) : 1) * 0.99) return;
    view[0] = Math.max(whole[0], from);
    view[1] = Math.min(whole[1], to);
    draw();
  }
  function toValue(event) {
    const { inner } = frame;
    const box = frame.root.getBoundingClientRect();
    const x = (event.clientX - box.left) * frame.width / box.width;
    const share = Math.max(0, Math.min(1, (x - inner.left) / (inner.right - inner.left)));
    return view[0] + share * (view[1] - view[0]);
  }

  plot.addEventListener('pointermove', event => {
    if (!frame) return;
    const value = toValue(event);
    point(nearest(value));
    if (!drag) return;
    drag.to = value;
    const a = frame.toX(Math.min(drag.from, value)), b = frame.toX(Math.max(drag.from, value));
    svg(frame.over, 'rect', { class: 'picked', x: a, y: frame.inner.top, width: b - a, height: frame.inner.bottom - frame.inner.top });
  });
  plot.addEventListener('pointerdown', event => {
    if (!frame || event.button !== 0) return;
    const value = toValue(event);
    drag = { from: value, to: value, x: event.clientX };
    if (event.pointerType === 'mouse') plot.setPointerCapture(event.pointerId);
    point(nearest(value));
  });
  plot.addEventListener('pointerup', event => {
    if (!drag || !frame) return;
    const { from, to, x } = drag;
    drag = null;
    if (Math.abs(event.clientX - x) < 8) { point(nearest(toValue(event))); return; }
    const ends = [Math.min(from, to), Math.max(from, to)];
    if (chart.half) zoom(Math.round(ends[0]) - 0.5, Math.round(ends[1]) + 0.5); else zoom(ends[0], ends[1]);
  });
  plot.addEventListener('pointercancel', () => { drag = null; leave(); });
  plot.addEventListener('pointerleave', () => { if (!drag) leave(); });
  plot.addEventListener('dblclick', () => zoom(whole[0], whole[1]));
  plot.addEventListener('blur', leave);
  plot.addEventListener('keydown', event => {
    if (!count || event.ctrlKey || event.metaKey || event.altKey) return;
    const [first, last] = inView();
    const stride = event.shiftKey ? 10 : 1;
    const centre = at >= 0 ? chart.x[at] : (view[0] + view[1]) / 2;
    const span = view[1] - view[0];
    const scale = factor => {
      const share = Math.max(0, Math.min(1, (centre - view[0]) / (span || 1)));
      const from = Math.max(whole[0], centre - share * span * factor);
      zoom(from, Math.min(whole[1], from + span * factor));
    };
    const move = i => {
      point(Math.max(0, Math.min(count - 1, i)));
      if (chart.x[at] < view[0] || chart.x[at] > view[1]) {
        const shift = chart.x[at] < view[0] ? chart.x[at] - chart.half - view[0] : chart.x[at] + chart.half - view[1];
        zoom(view[0] + shift, view[1] + shift);
      }
      status.textContent = chart.xText(at) + ': ' + chart.series.filter(series => series.shown)
        .map(series => series.name + ' ' + told(series.values[at], chart.y.unit)).join(', ');
    };
    switch (event.key) {
      case 'ArrowLeft': move(at < 0 ? last : at - stride); break;
      case 'ArrowRight': move(at < 0 ? first : at + stride); break;
      case 'Home': move(first); break;
      case 'End': move(last); break;
      case '+': case '=': scale(0.5); break;
      case '-': scale(2); break;
      case 'Escape': leave(); zoom(whole[0], whole[1]); break;
      default: return;
    }
    event.preventDefault();
  });

  let drawn = 0;
  new ResizeObserver(() => {
    const width = plot.clientWidth;
    if (width !== drawn && width > 0) { drawn = width; draw(); }
  }).observe(plot);
  drawn = plot.clientWidth;
  draw();
}

document.querySelectorAll('figure.chart').forEach(build);
