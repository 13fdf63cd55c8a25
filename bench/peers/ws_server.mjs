// Plain `ws`: speaks pingd's native frames, keeps messages in memory, sends each to every socket in its chat.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

import { answerReady, appendMessage, bearerOf, listen, userOf } from './common.mjs';

const rooms = new Map(); // chatId -> Set of sockets

function broadcast(chatId, event, data) {
    const frame = Buffer.from(JSON.stringify({ event, data }));
    for (const socket of rooms.get(chatId) ?? []) {
        socket.send(frame, { binary: false });
    }
}

const events = {
    joinChat(socket, chatId) {
        rooms.set(chatId, (rooms.get(chatId) ?? new Set()).add(socket));
        socket.once('close', () => rooms.get(chatId).delete(socket));
        return {};
    },
    sendMessage(socket, data) {
        const message = appendMessage(data, socket.userId);
        broadcast(message.chatId, 'newMessage', message);
        return { message };
    },
};

function onMessage(socket, text) {
    const { event, data, ack } = JSON.parse(text);
    let answer;
    try {
        answer = { ack, data: events[event](socket, data) };
    } catch (error) {
        answer = { ack, error: { message: error.message } };
    }
    if (ack !== undefined) {
        socket.send(JSON.stringify(answer));
    }
}

const server = createServer(answerReady);
new WebSocketServer({ server, path: '/api/v1/ws' }).on('connection', (socket, request) => {
    socket.userId = userOf(bearerOf(request));
    socket.on('message', (text) => onMessage(socket, text));
    socket.send(JSON.stringify({ event: 'hello', data: { userId: socket.userId } }));
});
listen(server);
