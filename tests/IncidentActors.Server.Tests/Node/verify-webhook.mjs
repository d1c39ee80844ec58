// The public library verifies one delivery, and refuses it when anything about it is different. Argument: the delivery as JSON.
import { Webhook } from "standardwebhooks";

const given = JSON.parse(process.argv[2]);
const headers = { "webhook-id": given.id, "webhook-timestamp": given.timestamp, "webhook-signature": given.signature };
const event = new Webhook(given.secret).verify(given.body, headers);

const spoiled = {
  body: () => new Webhook(given.secret).verify(given.body + " ", headers),
  id: () => new Webhook(given.secret).verify(given.body, { ...headers, "webhook-id": given.id + "x" }),
  timestamp: () => new Webhook(given.secret).verify(given.body, { ...headers, "webhook-timestamp": `${Number(given.timestamp) + 1}` }),
  secret: () => new Webhook("whsec_" + Buffer.alloc(32, 7).toString("base64")).verify(given.body, headers),
  old: () => new Webhook(given.secret).verify(given.body, { ...headers, "webhook-timestamp": given.oldTimestamp, "webhook-signature": given.oldSignature }),
};
const refused = Object.keys(spoiled).filter(name => {
  try {
    spoiled[name]();
    return false;
  } catch {
    return true;
  }
});
console.log(`verified ${event.type}, refused: ${refused.join(" ")}`);
