// What the peers share: people with tokens, chats in memory, and messages that look like pingd's.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import jwt from 'jsonwebtoken';

const secret = randomBytes(32).toString('hex');
export const { values: options } = parseArgs({
    options: {
        port: { type: 'string' },
        population: { type: 'string' }, // file to write: who may connect, which chats there are
        users: { type: 'string', default: '2' },
        chats: { type: 'string', default: '1' },
        style: { type: 'string' }, // of stack_server.mjs, with the two servers it needs
        redis: { type: 'string' },
        rabbitmq: { type: 'string' },
    },
});

const processPart = randomBytes(5).toString('hex');
let counter = 0;

/** An id shaped like MongoDB's ObjectId. */
export function newId() {
    const seconds = Math.floor(Date.now() / 1000);
    counter = (counter + 1) & 0xffffff;
    return seconds.toString(16).padStart(8, '0') + processPart + counter.toString(16).padStart(6, '0');
}

export function signToken(userId) {
    return jwt.sign({ sub: userId, sid: newId() }, secret, { expiresIn: '15d' });
}

/** The user's id; throws for a token that is not ours. */
export function userOf(token) {
    return jwt.verify(token, secret).sub;
}

export function bearerOf(request) {
    return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
}

/** chatId -> {id, messages}. Nothing here is durable: that is the peers' advantage. */
export const chats = new Map();

export function appendMessage({ chatId, text }, sender) {
    const chat = chats.get(chatId);
    if (!chat) {
        throw new Error('Chat not found');
    }
    const now = new Date().toISOString();
    const message = {
        _id: newId(),
        chatId,
        seq: chat.messages.length + 1,
        sender,
        text,
        messageType: 'text',
        seen: false,
        createdAt: now,
        updatedAt: now,
        __v: 0,
    };
    chat.messages.push(message);
    return message;
}

function makePopulation() {
    const lines = [];
    for (let i = 0; i < Number(options.users); ++i) {
        const id = newId();
        lines.push(`user ${id} ${signToken(id)}`);
    }
    for (let i = 0; i < Number(options.chats); ++i) {
        const chat = { id: newId(), messages: [] };
        chats.set(chat.id, chat);
        lines.push(`chat ${chat.id} 0`);
    }
    writeFileSync(options.population, lines.join('\n') + '\n');
}

/** Writes the population and listens. The server is ready when it answers. */
export function listen(server) {
    makePopulation();
    server.listen(Number(options.port), '127.0.0.1', 511);
    process.on('SIGTERM', () => process.exit(0));
}

/** Answers /readyz on a server that is for sockets. */
export function answerReady(request, response) {
    response.writeHead(request.url === '/readyz' ? 200 : 404).end();
}
