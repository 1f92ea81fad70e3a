const { Buffer } = require("./buffer.browser.ts");

/** What simple-peer wants of `randombytes`: a name that nobody guesses. Stands in as `Duplex` does; required, so in Node's old form. */
module.exports = (size) => crypto.getRandomValues(new Buffer(new ArrayBuffer(size)));
