// The login of the family's services: Express, codes in Redis, mails through the queue send-otp to a mail service of
// its own, which writes a line on standard output for each. Users are in memory.
//   --style=family   as they write it: read, then write; the queue asserted for each mail; nobody waits for the broker
//   --style=tuned    one round trip to Redis, the queue asserted once, an answer only after the broker's confirm
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import amqp from 'amqplib';
import express from 'express';
import { createClient } from 'redis';

import { listen, newId, options, signToken } from './common.mjs';

const queue = 'send-otp';
const users = new Map(); // email -> user

const redis = await createClient({ url: options.redis }).connect();
const connection = await amqp.connect(options.rabbitmq);
const isTuned = options.style === 'tuned';
const channel = await (isTuned ? connection.createConfirmChannel() : connection.createChannel());
await channel.assertQueue(queue, { durable: true });

async function publishAsFamily(message) {
    await channel.assertQueue(queue, { durable: true });
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(message)), { persistent: true });
}

function publishConfirmed(message) {
    return new Promise((resolve, reject) => {
        channel.sendToQueue(queue, Buffer.from(JSON.stringify(message)), { persistent: true }, (error) =>
            error ? reject(error) : resolve(),
        );
    });
}

function makeMail(email, otp) {
    return { to: email, subject: `${otp} is your code`, body: `Your OTP is ${otp}. It is valid for 5 minutes` };
}

async function loginAsFamily(email) {
    if (await redis.get(`otp:ratelimit:${email}`)) {
        return false;
    }
    const otp = Math.floor(100000 + Math.random() * 900000).toString();
    await redis.set(`otp:${email}`, otp, { EX: 300 });
    await redis.set(`otp:ratelimit:${email}`, 'true', { EX: 60 });
    await publishAsFamily(makeMail(email, otp));
    return true;
}

async function loginTuned(email) {
    const otp = Math.floor(100000 + Math.random() * 900000).toString();
    if (!(await redis.set(`otp:ratelimit:${email}`, 'true', { EX: 60, NX: true }))) {
        return false;
    }
    await Promise.all([redis.set(`otp:${email}`, otp, { EX: 300 }), publishConfirmed(makeMail(email, otp))]);
    return true;
}

const login = isTuned ? loginTuned : loginAsFamily;
const app = express();
app.use(express.json());
app.get('/readyz', (request, response) => response.json({}));

app.post('/api/v1/login', async (request, response) => {
    if (!(await login(request.body.email))) {
        return response.status(429).json({ message: 'Too many requests' });
    }
    return response.json({ message: 'OTP has been sent to your email', flowId: newId() });
});

app.post('/api/v1/verify', async (request, response) => {
    const { email, otp } = request.body;
    const code = await redis.get(`otp:${email}`);
    if (!code || code !== otp) {
        return response.status(400).json({ message: 'Invalid or expired OTP' });
    }
    await redis.del(`otp:${email}`);
    if (!users.has(email)) {
        users.set(email, { _id: newId(), name: email.slice(0, 8), email });
    }
    const user = users.get(email);
    return response.json({ message: 'User Verified', user, token: signToken(user._id) });
});

const mails = spawn(process.execPath, [new URL('./mail_service.mjs', import.meta.url).pathname, options.rabbitmq, queue], {
    stdio: 'inherit',
});
process.on('exit', () => mails.kill());
listen(createServer(app));
