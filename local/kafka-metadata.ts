import { connect } from "node:net";

export interface KafkaMetadata {
  clusterId: string | null;
  /** Node ids of the brokers that are alive as this broker sees it. */
  brokers: number[];
}

/**
 * One Metadata request (api 3, version 2, no topics) on a connection of its own, bare of any client, so that asking
 * a broker that is not there yet costs a millisecond and logs nothing.
 *
 * @returns null if nothing answers, or not with a broker's answer, within `timeoutMs`.
 */
export function askMetadata(
  port: number,
  host = "127.0.0.1",
  timeoutMs = 2000,
): Promise<KafkaMetadata | null> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host });
    const finish = (result: KafkaMetadata | null) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => finish(null));
    socket.once("error", () => finish(null));
    socket.once("close", () => finish(null));
    socket.once("connect", () => socket.write(metadataRequest()));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0))
        finish(parse(received.subarray(8)));
    });
  });
}

function metadataRequest(): Buffer {
  const client = Buffer.from("surelay");
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + client.length + 4);
  let at = request.writeUInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(3, at);
  at = request.writeInt16BE(2, at);
  at = request.writeInt32BE(1, at); // correlation id
  at = request.writeInt16BE(client.length, at);
  at += client.copy(request, at);
  request.writeInt32BE(0, at); // no topics
  return request;
}

function parse(body: Buffer): KafkaMetadata | null {
  try {
    let at = 4;
    const text = () => {
      const length = body.readInt16BE(at);
      at += 2;
      if (length < 0) return null;
      const value = body.toString("utf8", at, at + length);
      at += length;
      return value;
    };
    const brokers: number[] = [];
    for (let count = body.readInt32BE(0); count > 0; count--) {
      brokers.push(body.readInt32BE(at));
      at += 4;
      text(); // host
      at += 4; // port
      text(); // rack
    }
    return { clusterId: text(), brokers };
  } catch {
    return null; // whatever listens there is no Kafka
  }
}
