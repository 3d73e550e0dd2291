// What `kubectl kustomize` makes of a directory.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import yaml from 'yaml';

export const root = new URL('../../..', import.meta.url).pathname;
export const text = path => readFileSync(root + path, 'utf8');

export function parsed(source) {
    return yaml.parseAllDocuments(source).map(document => {
        if (document.errors.length) throw document.errors[0];
        return document.toJSON();
    }).filter(object => object);
}

export function render(directory) {
    const kubectl = process.env.KUBECTL ?? 'kubectl';
    const made = execFileSync(kubectl, ['kustomize', root + 'deploy/kubernetes/' + directory], {
        encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000});
    return parsed(made);
}
