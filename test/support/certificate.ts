import { generate } from "selfsigned";

/** A server's key and certificate, PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Signed by itself for 127.0.0.1, made anew for each caller: trusted by whoever is told to trust it, and by nobody else. */
export async function makeCertificate(): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  return { key: made.private, cert: made.cert };
}
