import { connect, type Socket } from 'node:net';

const headEnd = '\r\n\r\n';

/** One keep-alive connection that sends ready-made requests, one at a time; as cheap as can be, to leave the cores to the side. */
export class HttpConnection {
  private received = '';
  private answered: ((status: number) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.take(text));
    const broken = (): void => this.settle(0);
    socket.on('error', broken).on('close', broken);
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new HttpConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** Resolves with the status; 0 when the connection broke. */
  request(bytes: Buffer): Promise<number> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) return resolve(0);
      this.answered = resolve;
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    const end = this.received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.received.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.received.length < end + headEnd.length + length) return;
    this.received = '';
    this.settle(Number(head.slice(9, 12)));
  }

  private settle(status: number): void {
    const { answered } = this;
    this.answered = undefined;
    answered?.(status);
  }
}
