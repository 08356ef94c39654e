// Has @sigstore/verify judge entries of a log that is not Rekor, put as it knows Rekor's.
//
// On stdin a JSON list of claims: `vkey` (C2SP signed-note) and `note` (the signed checkpoint) are text, `index` and `size` numbers,
// `root`, `entry` and each of `hashes` base64. On stdout a JSON list: for each claim why it was refused, or nothing.
"use strict";

const { TransparencyLogEntry, TrustedRoot } = require("@sigstore/protobuf-specs");
const { VerificationError, toTrustMaterial } = require("@sigstore/verify");
const { verifyTLogInclusion } = require("@sigstore/verify/dist/tlog");

const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

function readVkey(vkey) {
  const [, name, id, data] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  return { name, id: Buffer.from(id, "hex"), raw: Buffer.from(data, "base64").subarray(1) };
}

function trusting({ name, id, raw }) {
  const keyId = { keyId: id.toString("base64") };
  const rawBytes = Buffer.concat([ED25519_SPKI, raw]).toString("base64");
  const publicKey = { rawBytes, keyDetails: "PKIX_ED25519" };
  const log = { baseUrl: `https://${name}`, hashAlgorithm: "SHA2_256", publicKey, logId: keyId, checkpointKeyId: keyId };
  return toTrustMaterial(TrustedRoot.fromJSON({ tlogs: [log] })).tlogs;
}

function rekorEntry(claim, { id }) {
  return TransparencyLogEntry.fromJSON({
    logIndex: String(claim.index),
    logId: { keyId: id.toString("base64") },
    canonicalizedBody: claim.entry,
    inclusionProof: {
      logIndex: String(claim.index),
      treeSize: String(claim.size),
      rootHash: claim.root,
      hashes: claim.hashes,
      checkpoint: { envelope: claim.note },
    },
  });
}

function refusal(claim) {
  const key = readVkey(claim.vkey);
  try {
    verifyTLogInclusion(rekorEntry(claim, key), trusting(key));
    return "";
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return error.message;
  }
}

const claims = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(claims.map(refusal)));
