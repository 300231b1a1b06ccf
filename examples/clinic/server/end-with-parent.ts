// Loaded into Belfry before it starts: drains it when the process that started it is gone, also after kill -9
// or when the terminal was closed. Belfry is in a process group of its own, so nobody else would end it.
import process from 'node:process';

process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// To listen keeps the process up, and Belfry ends by itself after a drain.
process.channel?.unref();
