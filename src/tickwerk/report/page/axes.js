// How numbers and times read on the axes of a chart and at its cursor, and where their ticks stand. Comes before
// charts.js, in one function with it.
const UNITS = {
  number: { factor: 1, suffix: '' }, percent: { factor: 100, suffix: '\u00a0%' }, bps: { factor: 1e4, suffix: '\u00a0bp' },
};
const MINUTE = 60, DAY = 86400;

const pen = document.createElement('canvas').getContext('2d');
function textWidth(text) {
  pen.font = '12px ' + getComputedStyle(document.body).fontFamily;
  return pen.measureText(text).width;
}
function powered(value) { return value.toExponential(2).replaceAll('-', '\u2212'); }
function fixed(value, decimals, least = decimals) {
  if (Math.abs(value) >= 1e15) return powered(value);
  const text = value.toLocaleString('en-US', { minimumFractionDigits: least, maximumFractionDigits: decimals });
  return (/[1-9]/.test(text) ? text : text.replace('-', '')).replace('-', '\u2212');
}
// The value as the cursor tells it: six or seven significant digits of what the axis shows.
function told(value, unit) {
  if (value === null) return '\u2013';
  const size = Math.abs(value);
  if (size > 0 && size < 1e-6) return powered(value) + UNITS[unit].suffix;
  const whole = size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1;
  const most = unit === 'percent' ? 3 : unit === 'bps' ? 2 : size < 1 ? 6 : 5;
  return fixed(value, Math.max(0, Math.min(most, 6 - whole)), 0) + UNITS[unit].suffix;
}

function niceStep(span, count) {
  const rough = span / Math.max(1, count);
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  for (const factor of [1, 2, 5]) if (factor * power >= rough * 0.999) return factor * power;
  return 10 * power;
}
function numberTicks(low, high, count) {
  const step = niceStep(high - low, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = value => decimals > 9 && value !== 0 ? powered(value) : fixed(value, decimals > 9 ? 0 : decimals);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9 && ticks.length < 100; ++i) {
    ticks.push({ at: i * step, text: text(i * step) });
  }
  return ticks;
}

function iso(seconds) { return new Date(seconds * 1000).toISOString(); }
function timeText(seconds, step) {
  return step === DAY ? iso(seconds).slice(0, 10) : iso(seconds).slice(0, step < MINUTE ? 19 : 16).replace('T', ' ') + 'Z';
}
function timeTicks(low, high, width) {
  const first = new Date(low * 1000);
  const steps = [];
  for (const minutes of [1, 5, 15, 30, 60, 180, 360, 720]) steps.push({ every: minutes * MINUTE, from: 5, to: 16, wide: 84 });
  for (const days of [1, 2, 7, 14]) steps.push({ every: days * DAY, from: 0, to: 10, wide: 78 });
  for (const months of [1, 3, 6]) steps.push({ months, from: 0, to: 7, wide: 56 });
  for (const years of [1, 2, 5, 10, 20, 50, 100]) steps.push({ months: 12 * years, from: 0, to: 4, wide: 40 });
  const most = step => Math.max(2, Math.floor(width / (step.wide + 14)));
  const size = step => step.every || step.months * 30.44 * DAY;
  const step = steps.find(one => (high - low) / size(one) <= most(one)) || steps[steps.length - 1];
  const ticks = [];
  const add = at => {
    if (at >= low && at <= high) ticks.push({ at, text: iso(at).slice(step.from, step.to).replace('T', ' ') });
  };
  if (step.every) {
    const monday = 4 * DAY;
    for (let i = Math.ceil((low - monday) / step.every); monday + i * step.every <= high; ++i) add(monday + i * step.every);
  } else {
    const month = first.getUTCFullYear() * 12 + first.getUTCMonth();
    for (let i = Math.floor(month / step.months) * step.months; ; i += step.months) {
      const at = Date.UTC(Math.floor(i / 12), i % 12, 1) / 1000;
      if (at > high) break;
      add(at);
    }
  }
  return ticks;
}
