/** In the place of `debug`: what simple-peer would say of a call, addresses and all, is written nowhere. */
module.exports = () => () => {};
