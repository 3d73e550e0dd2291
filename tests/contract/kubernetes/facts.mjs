// What the rest of the checkout says of configuration: README's table, the code, the Caddyfile.
import {readdirSync} from 'node:fs';
import {root, text} from './render.mjs';

function rows(markdown, heading) {
    const lines = markdown.split('\n');
    const start = lines.findIndex(line => line.startsWith(heading));
    if (start < 0) throw new Error(`no table ${heading}`);
    const table = lines.slice(start + 2);
    return table.slice(0, table.findIndex(line => !line.startsWith('|')))
        .map(line => line.replaceAll('\\|', ' ').split('|').slice(1, -1).map(cell => cell.trim()));
}

const names = cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
const namesInCode = files => new Set(files.flatMap(file =>
    [...text(file).matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(([, name]) => name)));

export function facts() {
    const defaults = new Map();
    for (const [variables, usual] of rows(text('README.md'), '| Variable | Default | Read by')) {
        const values = usual.split(',').map(value => value.trim().replaceAll('`', ''));
        names(variables).forEach((name, i) => defaults.set(name, values[i]));
    }
    const shared = ['shared/base/', 'shared/domain/'].flatMap(folder =>
        readdirSync(root + folder).filter(file => file.endsWith('.cpp')).map(file => folder + file));
    const placeholders = [...text('deploy/caddy/Caddyfile').matchAll(/\{\$([A-Z_]+)\}/g)].map(([, name]) => name);
    return {
        defaults,
        reads: {
            gateway: namesInCode(['api-gateway/config.cpp', ...shared]),
            worker: namesInCode(['deploy-worker/config.cpp', ...shared]),
            'site-rules': namesInCode(['site-rules/main.cpp', ...shared]),
            caddy: new Set(placeholders),
        },
        secrets: new Map(rows(text('deploy/kubernetes/README.md'), '| Secret | Keys').map(([secret, keys]) =>
            [names(secret)[0], new Set(names(keys))])),
    };
}
