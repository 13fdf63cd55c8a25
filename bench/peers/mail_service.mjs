// The family's mail service, without the mail: takes jobs of a queue and writes a line for each.
//   node mail_service.mjs amqp://... QUEUE
import amqp from 'amqplib';

const [url, queue] = process.argv.slice(2);
const connection = await amqp.connect(url);
const channel = await connection.createChannel();
await channel.assertQueue(queue, { durable: true });
await channel.prefetch(64);
await channel.consume(queue, (message) => {
    const { to, subject } = JSON.parse(message.content.toString());
    process.stdout.write(`mail for ${to}: ${subject}\n`);
    channel.ack(message);
});
process.on('SIGTERM', () => process.exit(0));
