/**
 * Sends messages of one socket in their order. ZeroMQ takes a message at once, so that output leaves
 * even while a cell's loop keeps the thread busy; only when it cannot, what follows has to wait.
 */
import type { Frame } from "./wire";

interface Sender {
  send(frames: Frame[]): Promise<void>;
}

export class Outbox {
  private readonly waiting: Frame[][] = [];

  constructor(private readonly socket: Sender) {}

  send(frames: Frame[]): void {
    if (this.waiting.length > 0) {
      this.waiting.push(frames);
      return;
    }
    this.attempt(frames).catch(() => {
      this.waiting.push(frames);
      if (this.waiting.length === 1) void this.sendWaiting();
    });
  }

  /** As the socket does it, but a socket that is busy rejects instead of throwing. */
  private async attempt(frames: Frame[]): Promise<void> {
    await this.socket.send(frames);
  }

  private async sendWaiting(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      try {
        await this.socket.send(next);
        this.waiting.shift();
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EBUSY")
          this.waiting.length = 0; // the socket is closed
        else await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}
