/**
 * Jupyter's wire protocol: one message is a list of frames,
 *
 *   identities… | <IDS|MSG> | signature | header | parent header | metadata | content | buffers…
 *
 * The signature is an HMAC over the four JSON frames with the key of the connection file, so that
 * nobody else on the machine can run code here.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

export const protocolVersion = "5.3";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export type Content = Record<string, unknown>;

/** A request as it came in. */
export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** What goes out: a reply (with the identities of the request) or a broadcast (with a topic). */
export interface Outgoing {
  readonly identities: readonly (Uint8Array | string)[];
  readonly type: string;
  readonly parent: Header | undefined;
  readonly content: Content;
  readonly metadata?: Content | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

export type Frame = Uint8Array | string;

const delimiter = "<IDS|MSG>";

/** Thrown for frames that are not a signed Jupyter message; the kernel drops those. */
export class WireError extends Error {
  override name = "WireError";
}

/** Reads and writes messages of one connection. */
export class Wire {
  readonly session = randomUUID();

  /** @param key the connection file's key; an empty key means unsigned messages, as Jupyter defines */
  constructor(private readonly key: string) {}

  /** @throws WireError when the frames are incomplete, wrongly signed or not JSON objects */
  decode(frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex((frame) => Buffer.from(frame).equals(Buffer.from(delimiter)));
    if (at < 0 || frames.length < at + 6) throw new WireError("Incomplete message.");
    const signed = frames.slice(at + 2, at + 6);
    this.verify(Buffer.from(frames[at + 1]).toString(), signed);
    const [header, , metadata, content] = signed.map(parseObject);
    if (typeof header?.msg_type !== "string") throw new WireError("The header has no msg_type.");
    return {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      metadata: metadata,
      content: content,
      buffers: frames.slice(at + 6),
    };
  }

  encode(message: Outgoing): Frame[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: message.type,
      version: protocolVersion,
    };
    const parts = [header, message.parent ?? {}, message.metadata ?? {}, message.content];
    const bodies = parts.map((part) => JSON.stringify(part));
    const buffers = message.buffers ?? [];
    return [...message.identities, delimiter, this.sign(bodies), ...bodies, ...buffers];
  }

  private sign(bodies: readonly Frame[]): string {
    if (this.key === "") return "";
    const hmac = createHmac("sha256", this.key);
    for (const body of bodies) hmac.update(body);
    return hmac.digest("hex");
  }

  private verify(signature: string, signed: readonly Frame[]): void {
    const expected = Buffer.from(this.sign(signed));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new WireError("The signature does not match the connection's key.");
  }
}

function parseObject(frame: Uint8Array): Content {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame).toString());
  } catch {
    throw new WireError("A frame is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError("A frame is not a JSON object.");
  return value as Content;
}
