// Draws one dashboard as its file says, with the numbers that draw.py asked for. Called with
//     {dashboard, from, to, results: {panel id: [{name, times, values}]}}
'use strict';

const palette = ['#3274d9', '#56a64b', '#e0752d', '#a352cc', '#c4162a', '#e0b400', '#0a9fb5', '#8f3bb8', '#8a8f98'];
const colors = {green: '#37872d', orange: '#c15c17', red: '#c4162a', text: '#24292e'};

const rounded = (value, digits) => Number(value.toFixed(digits)).toString();

function inSteps(value, steps, base) {
    let i = 0;
    while (Math.abs(value) >= base && i < steps.length - 1) {
        value /= base;
        i++;
    }
    return rounded(value, Math.abs(value) < 10 && i > 0 ? 1 : Math.abs(value) < 1 ? 2 : Math.abs(value) < 10 ? 1 : 0) + steps[i];
}

function seconds(value) {
    if (value === 0) return '0 s';
    if (value < 1e-3) return rounded(value * 1e6, 0) + ' µs';
    if (value < 1) return rounded(value * 1e3, value < 0.01 ? 1 : 0) + ' ms';
    return value < 120 ? rounded(value, value < 10 ? 2 : 0) + ' s' : rounded(value / 60, 1) + ' min';
}

// Grafana's names of units.
const units = {
    short: value => inSteps(value, ['', ' K', ' M'], 1000),
    s: seconds,
    percentunit: value => rounded(value * 100, 1) + ' %',
    bytes: value => inSteps(value, [' B', ' KiB', ' MiB', ' GiB', ' TiB'], 1024),
    reqps: value => inSteps(value, ['', ' K'], 1000) + ' req/s',
    ops: value => inSteps(value, ['', ' K'], 1000) + ' ops/s',
};

function formatted(value, {unit, mappings = [], decimals}) {
    const mapped = mappings.map(({options}) => options[value]?.text).find(text => text !== undefined);
    if (mapped !== undefined) return mapped;
    if (unit === 'percentunit' && decimals === 0) return Math.round(value * 100) + ' %';
    return unit === 'short' && decimals === 0 ? String(Math.round(value)) : units[unit](value);
}

function element(parent, className, text = '') {
    const made = document.createElement('div');
    made.className = className;
    made.textContent = text;
    parent.append(made);
    return made;
}

function drawStat(body, panel, results) {
    const defaults = panel.fieldConfig.defaults;
    for (const {name, values} of results) {
        const value = values.findLast(each => each !== null);
        const step = defaults.thresholds.steps.findLast(({value: least}) => least === null || value >= least);
        const number = element(body, 'number', value === undefined ? 'No data' : formatted(value, defaults));
        number.style.color = colors[step.color];
        if (panel.options.textMode === 'value_and_name') element(number, 'of', name);
    }
}

const clock = time => new Date(time * 1000).toISOString().slice(11, time % 60 ? 19 : 16);
const powersOfTwo = Array.from({length: 50}, (_, i) => 2 ** i);

// Every series on one row of times; null where it has nothing.
function aligned(results, stacked) {
    const times = [...new Set(results.flatMap(series => series.times))].sort((a, b) => a - b);
    const rows = results.map(series => {
        const at = new Map(series.times.map((time, i) => [time, series.values[i]]));
        return times.map(time => at.get(time) ?? (stacked ? 0 : null));
    });
    if (stacked) rows.forEach((row, i) => i && row.forEach((_, k) => { row[k] += rows[i - 1][k]; }));
    return {times, rows};
}

function drawGraph(body, panel, results, {from, to}) {
    const {unit, min, max, custom = {}} = panel.fieldConfig.defaults;
    const stacked = custom.stacking?.mode === 'normal';
    const format = value => formatted(value, {unit});
    const {times, rows} = aligned(results, stacked);
    const lines = rows.map((_, i) => ({
        stroke: palette[i % palette.length], width: stacked ? 1 : 1.6, points: {show: false}, spanGaps: false,
        fill: palette[i % palette.length] + (stacked ? '99' : '14'),
    }));
    const axis = {stroke: '#57606a', font: '12px system-ui, sans-serif', grid: {stroke: '#e7e9ec', width: 1}, ticks: {stroke: '#e7e9ec', width: 1}};
    const place = element(body, 'graph');
    const legend = element(body, 'legend');
    results.forEach((series, i) => {
        element(element(legend, 'entry'), 'mark').style.background = palette[i % palette.length];
        legend.lastChild.append(series.name);
    });
    const top = Math.max(...rows.flat().filter(value => value !== null));
    new uPlot({
        width: place.clientWidth, height: place.clientHeight, padding: [10, 12, 0, 0], legend: {show: false}, cursor: {show: false},
        scales: {x: {range: [from, to]}, y: {range: [min ?? 0, max ?? (top > 0 ? top * 1.08 : 1)]}},
        axes: [
            {...axis, space: 44, size: 28, values: (_, ticks) => ticks.map(clock)},
            {...axis, space: 30, size: (_, labels) => 18 + 7.5 * Math.max(...(labels ?? ['']).map(label => label.length)),
                values: (_, ticks) => ticks.map(format), ...(unit === 'bytes' && {incrs: powersOfTwo})},
        ],
        series: [{}, ...lines],
        // What is stacked is filled down to the one below.
        bands: stacked ? rows.slice(1).map((_, i) => ({series: [i + 2, i + 1]})) : [],
    }, [times, ...rows], place);
}

function draw({dashboard, from, to, results}) {
    const page = document.body;
    element(page, 'title', dashboard.title);
    element(page, 'what', dashboard.description);
    const grid = element(page, 'grid');
    for (const panel of dashboard.panels) {
        const {x, y, w, h} = panel.gridPos;
        const card = element(grid, panel.type);
        card.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
        element(card, 'name', panel.title);
        if (panel.type === 'row') continue;
        const body = element(card, 'body');
        (panel.type === 'stat' ? drawStat : drawGraph)(body, panel, results[panel.id], {from, to});
    }
}
