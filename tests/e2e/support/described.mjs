// What the server says beside what config/api says it may say. The C++ tests look closer (tests/support); this is the
// same for answers and events that only appear here, with another implementation of JSON Schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2020.js';

function read(name) {
    return JSON.parse(readFileSync(new URL(`../../../config/api/${name}`, import.meta.url), 'utf8'));
}

export const openapi = read('openapi.json');
export const asyncapi = read('asyncapi.json');

const ajv = new Ajv({ strict: false, allErrors: true }); // the documents hold more than schemas
addFormats(ajv);
ajv.addSchema(openapi, 'openapi.json');
ajv.addSchema(asyncapi, 'asyncapi.json');

function require(subject, place, value) {
    const fits = ajv.getSchema(place) ?? ajv.compile({ $id: place, $ref: place });
    assert.ok(fits(value), `${subject}: ${ajv.errorsText(fits.errors)}: ${JSON.stringify(value)}`);
}

function pointer(...keys) {
    return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function pathOf(address) {
    const steps = address.split('/');
    const fits = (pattern) => {
        const expected = pattern.split('/');
        return expected.length === steps.length && expected.every((one, i) => one === steps[i] || (one[0] === '{' && steps[i]));
    };
    const found = Object.keys(openapi.paths).filter(fits);
    return found.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** Fails when an answer is not as described. Paths that are no operation are not looked at. */
export function checkAnswer({ method, path, status, headers, body }) {
    const pattern = pathOf(path.split('?')[0]);
    const verb = method.toLowerCase();
    const operation = openapi.paths[pattern]?.[verb];
    if (!operation) {
        return;
    }
    const subject = `${method} ${path} -> ${status}`;
    let at = pointer('paths', pattern, verb, 'responses', operation.responses[status] ? status : 'default');
    let response = operation.responses[status] ?? operation.responses.default;
    if (response.$ref) {
        at = response.$ref.slice(1);
        response = openapi.components.responses[response.$ref.split('/').at(-1)];
    }
    const type = headers.get('content-type');
    assert.ok(type === null ? !response.content : response.content?.[type], `${subject}: the Content-Type ${type}`);
    if (type !== null) {
        require(subject, `openapi.json#${at}${pointer('content', type, 'schema')}`, body);
    }
}

/** Fails when a frame of the native socket is not as described; `asked`: the event that an answer answers. */
export function checkFrame(frame, asked) {
    require('a frame', 'asyncapi.json#/components/schemas/ServerFrame', frame);
    if (frame.event !== undefined) {
        const events = asyncapi.operations.events.messages.map(({ $ref }) => $ref.split('/').at(-1));
        assert.ok(events.includes(frame.event), `the server does not say ${frame.event}`);
        require(frame.event, `asyncapi.json#${pointer('components', 'messages', frame.event, 'payload')}`, frame.data);
    } else if (frame.error === undefined) {
        require(`the answer to ${asked}`, `asyncapi.json#${pointer('components', 'messages', `${asked}.ack`, 'payload')}`, frame.data);
    }
}
