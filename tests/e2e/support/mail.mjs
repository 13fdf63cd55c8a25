// Where codes arrive: a real SMTP server on loopback that keeps what it takes, or pingd's own dev mailbox.
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

import { until } from './wait.mjs';

/** The six digits of a mail's text. */
export function codeIn(text) {
    const match = /(?<!\d)\d{6}(?!\d)/.exec(text);
    if (!match) {
        throw new Error(`no code of six digits in this mail:\n${text}`);
    }
    return match[0];
}

/** Reads codes from GET /dev/mailbox.json. */
export function devMailbox(server) {
    return async (address) => {
        const mail = await until(`a mail to ${address} in the dev mailbox`, async () => {
            const answer = await fetch(`${server.url}/dev/mailbox.json`);
            const mails = await answer.json();
            return mails.find((one) => one.to === address); // newest first
        });
        return codeIn(mail.text);
    };
}

function refusal(responseCode) {
    return Object.assign(new Error('refused'), { responseCode });
}

/**
 * An SMTP server for the test `t`, on a free port or on `port`. `url` is for mail.smtp_url; `codeFor` waits for a
 * mail and reads its code; after `stop` nobody listens there. It answers 550 to the addresses in `nobody`, and
 * 554 to the mails of those in `spam`, which it keeps nevertheless; a mail for which `isBusy(address)` gets 451.
 */
export async function startMailSink(t, port = 0, { nobody = [], spam = [], isBusy = () => false } = {}) {
    const mails = [];
    const sink = new SMTPServer({
        authOptional: true,
        closeTimeout: 100, // ms: pingd keeps its connection open, stop() does not wait for it
        disabledCommands: ['AUTH', 'STARTTLS'], // allowed by pingd on loopback without a user
        onRcptTo({ address }, session, done) {
            done(nobody.includes(address) ? refusal(550) : null);
        },
        onData(stream, session, done) {
            const chunks = [];
            stream.on('data', (chunk) => chunks.push(chunk));
            stream.on('end', () => {
                const to = session.envelope.rcptTo.map((recipient) => recipient.address);
                if (isBusy(to[0])) {
                    done(refusal(451));
                    return;
                }
                mails.push({ to, at: Date.now(), ...parseMail(Buffer.concat(chunks).toString('latin1')) });
                done(to.some((address) => spam.includes(address)) ? refusal(554) : null);
            });
        },
    });
    sink.listen(port, '127.0.0.1');
    await once(sink.server, 'listening');
    const stop = () => new Promise((resolve) => sink.close(resolve));
    t.after(stop);
    return {
        url: `smtp://127.0.0.1:${sink.server.address().port}`,
        mails,
        stop,
        async codeFor(address) {
            const mail = await until(`a mail to ${address}`, () => mails.findLast((one) => one.to.includes(address)));
            return codeIn(mail.text);
        },
    };
}

/** Just enough MIME (RFC 2045) for our own mails: headers, and the first text/plain part, decoded. */
export function parseMail(raw) {
    const { headers, body } = parseEntity(raw);
    const boundary = /boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1];
    if (!boundary) {
        return { headers, text: decode(body, headers['content-transfer-encoding']) };
    }
    const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => parseEntity(part.replace(/^\r\n/, '')));
    const plain = parts.find((part) => (part.headers['content-type'] ?? 'text/plain').startsWith('text/plain'));
    return { headers, text: decode(plain.body, plain.headers['content-transfer-encoding']) };
}

function parseEntity(raw) {
    const end = raw.indexOf('\r\n\r\n');
    const unfolded = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
    const pairs = unfolded.split('\r\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { headers: Object.fromEntries(pairs), body: raw.slice(end + 4) };
}

function decode(body, encoding = '7bit') {
    if (encoding.toLowerCase() === 'base64') {
        return Buffer.from(body, 'base64').toString('utf8');
    }
    let bytes = body;
    if (encoding.toLowerCase() === 'quoted-printable') {
        bytes = body
            .replace(/=\r\n/g, '')
            .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    }
    return Buffer.from(bytes, 'latin1').toString('utf8');
}
