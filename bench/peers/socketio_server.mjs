// Socket.IO with its default settings: messages in memory, a room for each chat.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

import { answerReady, appendMessage, listen, userOf } from './common.mjs';

const server = createServer(answerReady);
const io = new Server(server);
io.use((socket, next) => {
    socket.data.userId = userOf(socket.handshake.auth.token);
    next();
});
io.on('connection', (socket) => {
    socket.on('joinChat', (chatId, ack) => {
        socket.join(chatId);
        ack({});
    });
    socket.on('sendMessage', (data, ack) => {
        try {
            const message = appendMessage(data, socket.data.userId);
            io.to(message.chatId).emit('newMessage', message);
            ack({ message });
        } catch (error) {
            ack({ error: { message: error.message } });
        }
    });
});
listen(server);
