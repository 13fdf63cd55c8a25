// The descriptions that the server gives out are what other people's tools expect of OpenAPI and AsyncAPI.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';

import { call } from './support/client.mjs';
import { startPingd } from './support/pingd.mjs';

const limits = { timeout: 60_000 };

test('the OpenAPI document is valid by the schema of OpenAPI 3.1', limits, async (t) => {
    const server = await startPingd(t);
    const { body } = await call(server, 'GET', '/api/v1/openapi.json');
    const validator = new Validator();
    const { valid, errors } = await validator.validate(body);
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
});

test('the AsyncAPI document is valid by the schema of AsyncAPI 3.0', limits, async (t) => {
    const server = await startPingd(t);
    const { body } = await call(server, 'GET', '/api/v1/asyncapi.json');
    const schema = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json');
    // Without a draft-07 of its own: AsyncAPI's schema brings one.
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, meta: false, validateSchema: false });
    const fits = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
    assert.ok(fits(body), ajv.errorsText(fits.errors));
});
