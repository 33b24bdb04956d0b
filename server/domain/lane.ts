/**
 * The lane of a message: `hash(topic, key) mod lanes`, 32-bit FNV-1a over UTF-8. Messages of one topic and key always
 * share a lane, which is what keeps them in order. Without a key nothing has to stay in order, and the message's id
 * takes the key's place so that the load spreads.
 *
 * @param lanes number of lanes of the installation; must not change while messages are stored
 */
export function laneOf(topic: string, key: string | null, id: string, lanes: number): number {
  let hash = 0x811c9dc5;
  hash = fnv1a(hash, topic);
  hash = Math.imul(hash ^ 0xff, 0x01000193); // 0xff is no UTF-8 byte: ("a","bc") and ("ab","c") differ
  hash = fnv1a(hash, key ?? id);
  hash ^= hash >>> 16; // FNV's low bits are weak, and `mod` uses just those
  return (hash >>> 0) % lanes;
}

const encoder = new TextEncoder();

function fnv1a(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return fnv1aBytes(hash, encoder.encode(text.slice(i)));
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash;
}

function fnv1aBytes(seed: number, bytes: Uint8Array): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
