// Express: the messages' REST call and the login, both in memory. A code's mail is a line on standard output.
import { createServer } from 'node:http';
import express from 'express';

import { appendMessage, bearerOf, listen, newId, signToken, userOf } from './common.mjs';

const codes = new Map(); // email -> {otp, expiresAt}
const resendLocks = new Map(); // email -> until when
const users = new Map(); // email -> user

function requireUser(request, response, next) {
    try {
        request.userId = userOf(bearerOf(request));
        next();
    } catch {
        response.status(401).json({ message: 'Please Login - JWT error' });
    }
}

const app = express();
app.use(express.json());
app.get('/readyz', (request, response) => response.json({}));

app.post('/api/v1/message', requireUser, (request, response) => {
    const message = appendMessage(request.body, request.userId);
    response.status(201).json({ message, sender: request.userId });
});

app.post('/api/v1/login', (request, response) => {
    const { email } = request.body;
    const now = Date.now();
    if ((resendLocks.get(email) ?? 0) > now) {
        return response.status(429).json({ message: 'Too many requests' });
    }
    const otp = Math.floor(100000 + Math.random() * 900000).toString();
    codes.set(email, { otp, expiresAt: now + 300_000 });
    resendLocks.set(email, now + 60_000);
    process.stdout.write(`mail for ${email}: ${otp} is your code\n`);
    return response.json({ message: 'OTP has been sent to your email', flowId: newId() });
});

app.post('/api/v1/verify', (request, response) => {
    const { email, otp } = request.body;
    const code = codes.get(email);
    if (!code || code.otp !== otp || code.expiresAt < Date.now()) {
        return response.status(400).json({ message: 'Invalid or expired OTP' });
    }
    codes.delete(email);
    if (!users.has(email)) {
        users.set(email, { _id: newId(), name: email.slice(0, 8), email });
    }
    const user = users.get(email);
    return response.json({ message: 'User Verified', user, token: signToken(user._id) });
});

listen(createServer(app));
