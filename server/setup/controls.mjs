/**
 * `node server/setup/controls.mjs [word …]`: takes each protection out of a copy of the tree, and expects the suite that
 * stands for it to fail. A suite that stays green without its protection proves nothing.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pinned, root, run, say, stop } from "./ready.mjs";

/** [protection, file, exact text, what stands there instead, suite: arguments of vitest] */
const controls = [
  [
    "A commit is written through to the disk",
    "server/storage/pglite.ts",
    "if (stream.nfd !== undefined) fsyncSync(stream.nfd);",
    "if (stream.nfd !== undefined) void 0;",
    ["server/storage/durable.test.ts", "-t", "fsyncs of the write-ahead log"],
  ],
  [
    "A new database is written through before it has its name",
    "server/storage/pglite.ts",
    "for (const name of await readdir(fresh, { recursive: true })) sync(join(fresh, name));",
    "",
    ["server/storage/durable.test.ts", "-t", "file by file"],
  ],
  [
    "What an interrupted making left is thrown away",
    "server/storage/pglite.ts",
    "await rm(fresh, { recursive: true, force: true });",
    "",
    ["server/storage/crash.test.ts", "-t", "half-made database"],
  ],
  [
    "A folder is locked for one process",
    "server/storage/storage.ts",
    "const unlock = await lockFolder(folder);",
    "const unlock = () => undefined;",
    ["server/storage/crash.test.ts", "-t", "two processes"],
  ],
  [
    "A change is acknowledged after its commit",
    "server/storage/storage.ts",
    "const done = await database.transaction((tx) => work(tx, finish(tx))).catch(asRefusal);",
    "const done = await new Promise<Awaited<ReturnType<typeof work>>>((soon) => void database.transaction(async (tx) => { const early = await work(tx, finish(tx)); soon(early); return early; }));",
    ["server/storage/crash.test.ts", "-t", "R1"],
  ],
  [
    "Nothing is written on a disk that is as good as full",
    "server/storage/space.ts",
    "if (spaceOf(folder).free - bytes < RESERVE[reserve])",
    "if (bytes < 0 && RESERVE[reserve])",
    ["server/full.test.ts"],
  ],
  [
    "A piece of a file is checked before it is handed on",
    "server/storage/pieces.ts",
    "if (done || !digestOf(value).equals(digests.subarray(at * 32, at * 32 + 32))) throw new Damaged();",
    "if (done) throw new Damaged();",
    ["server/storage/blobs.test.ts", "-t", "a wrong byte"],
  ],
  [
    "A file is acknowledged once more than half of its stores have it",
    "server/storage/blobs.ts",
    "const enough = enoughOf(stores.length);",
    "const enough = Math.min(1, enoughOf(stores.length));",
    ["server/storage/blobs.test.ts", "-t", "with one it is refused"],
  ],
  [
    "A file is written through to the disk before it has its name, and so is its name",
    "server/storage/file-store.ts",
    "await handle.sync();\n      } finally",
    "void 0;\n      } finally",
    ["server/storage/durable.test.ts", "-t", "a file is on the disk"],
  ],
  [
    "What a store lacks is owed by it",
    "server/storage/copies.ts",
    '.set({ state: "owed", due: now() })\n',
    ".set({ due: now() })\n",
    ["server/storage/stores.test.ts", "-t", "D4"],
  ],
  [
    "A store that was emptied is noticed",
    "server/storage/care.ts",
    "if (word === null && !fresh) await copies.doubtAll(name);",
    "",
    ["server/storage/care.test.ts", "-t", "emptied"],
  ],
  [
    "Another installation's store is left alone",
    "server/storage/care.ts",
    'if (word !== null && word !== met.mark && !(await copies.moved(name, word, all))) return "foreign";',
    "",
    ["server/storage/care.test.ts", "-t", "another installation"],
  ],
  [
    "A deletion waits for a store that is away",
    "server/storage/care.ts",
    "await within(pace.patience, (signal) => store.drop(key, signal), closing);",
    "await within(pace.patience, (signal) => store.drop(key, signal), closing).catch(() => undefined);",
    ["server/storage/care.test.ts", "-t", "away at the time"],
  ],
  [
    "A row refers to no bytes that are on their way out",
    "server/storage/copies.ts",
    'if (moved !== stores.size) throw new Error("The bytes of a blob were given up before its row was there.");',
    "void moved;",
    ["server/storage/care.test.ts", "-t", "just being committed"],
  ],
  [
    "What a crash left in a store goes",
    "server/storage/copies.ts",
    'keys.map((key) => ({ key, store, state: "drop" as const, due: later(grace) }))',
    'keys.map((key) => ({ key, store, state: "kept" as const, due: later(1e12 + grace) }))',
    ["server/storage/care.test.ts", "-t", "older backup"],
  ],
  [
    "A bucket is told the hash of what it takes",
    "server/storage/s3-store.ts",
    '.headers["x-amz-content-sha256"] = hash;',
    '.headers["x-unknown"] = hash;',
    ["server/storage/s3-store.test.ts", "-t", "takes nothing but"],
  ],
  [
    "A side of a visit has its share of files, also when it finishes many at once",
    "server/records/files.ts",
    "await assertFits(tx, person, visitId, { files: 1, bytes: size });",
    "",
    ["server/records/files.test.ts", "-t", "two at once"],
  ],
  [
    "Who sends a byte a second is cut off",
    "server/storage/uploads.ts",
    'timer = setTimeout(() => end(new Refusal("request.too-slow")), slowest.ms);',
    "",
    ["server/uploads.test.ts", "-t", "a byte a second"],
  ],
  [
    "A body without an end has one",
    "server/records/answer.ts",
    'if (received > largest) throw new Refusal("request.too-large");',
    "",
    ["server/uploads.test.ts", "-t", "never ending"],
  ],
  [
    "A block is in the journal before it is mined",
    "server/ledger/embedded.ts",
    "await journal.add(row);",
    "",
    ["server/ledger/restart.test.ts", "-t", "process killed|replays"],
  ],
  [
    "A replayed block's hash is compared",
    "server/ledger/journal.ts",
    "const wrong = await firstDifference(rpc, rows);",
    "const wrong = null as Awaited<ReturnType<typeof firstDifference>>;",
    ["server/ledger/restart.test.ts", "-t", "serves what holds"],
  ],
  [
    "A transaction is stored before it is sent",
    "server/ledger/outbox.ts",
    'await at("storing");',
    'await chain.send(signed.map(({ raw }) => raw)); await at("storing");',
    ["server/ledger/restart.test.ts", "-t", "process killed"],
  ],
  [
    "A snapshot nobody vouches for is not used",
    "server/ledger/snapshot.ts",
    "if (found.length !== expected.length || !timingSafeEqual(found, expected)) return null;",
    "void (timingSafeEqual && found && expected);",
    ["server/ledger/restart.test.ts", "-t", "replays"],
  ],
  [
    "A chain that died under a block is started again once",
    "server/ledger/embedded.ts",
    "if (rpc === node) {\n        drop();",
    "{\n        drop();",
    ["server/ledger/crash.test.ts"],
  ],
  [
    "A receipt counts by the log key's signature",
    "lib/ledger/promise.ts",
    "act === act && signedBy(",
    "act === act || signedBy(",
    ["lib/ledger/promise.test.ts"],
  ],
  [
    "A deadline that has passed is one",
    "lib/ledger/promise.ts",
    "if (now <= receipt.deadline)",
    "if (now)",
    ["lib/ledger/watch.test.ts"],
  ],
  [
    "The first receipt stays",
    "lib/ledger/keep.ts",
    "before.receipt ?? now.receipt",
    "now.receipt ?? before.receipt",
    ["lib/ledger/watch.test.ts"],
  ],
  [
    "An act is on the shelf before it is sent",
    "lib/ledger/keep.ts",
    "await shelf.keep(kept);",
    "",
    ["lib/ledger/watch.test.ts"],
  ],
  [
    "A receipt is stored with its act",
    "server/ledger/ledger.ts",
    "if (receipt) await tx.update",
    "if (!receipt) await tx.update",
    ["server/receipts.test.ts"],
  ],
  [
    "A commitment is salted",
    "lib/records/envelope.ts",
    "salt: randomHex(32)",
    'salt: "0x".padEnd(66, "0")',
    ["server/records/guess.test.ts"],
  ],
  [
    "What is sealed is padded",
    "lib/keyring/sealed.ts",
    "Math.ceil(bare.length / STEP) * STEP",
    "bare.length",
    ["server/records/guess.test.ts"],
  ],
  [
    "A patient has a key for each visit",
    "lib/keyring/keyring.ts",
    "keysFor(seed, `visit/",
    "keysFor(seed, visitId && `visit/all`); void (`",
    ["server/observer.test.ts"],
  ],
  [
    "A block that was replaced takes its acts back",
    "server/ledger/finality.ts",
    "if (gone.length > 0) await takeBack(gone);",
    "",
    ["server/ledger/reorg.test.ts", "-t", "nothing twice"],
  ],
  [
    "What was refused for a block that is gone is tried again",
    "server/ledger/finality.ts",
    'or(eq(acts.state, "ledger"), and(eq(acts.state, "parked"), gt(acts.block, home.finalBlock)))',
    'eq(acts.state, "ledger")',
    ["server/ledger/reorg.test.ts", "-t", "tried again"],
  ],
  [
    "A receipt is held against the block that it names",
    "server/ledger/network.ts",
    "if (!block || receipt.transactionHash !== hash || receipt.blockHash !== block.hash) return false;",
    "return true;",
    ["server/ledger/lies.test.ts", "-t", "has it not|another transaction"],
  ],
  [
    "An act is on the ledger by its own event",
    "server/ledger/evidence.ts",
    "if (tells && logs.some(tells.is)) return placeOf(receipt);",
    "if (tells) return placeOf(receipt);",
    ["server/ledger/lies.test.ts", "-t", "success of what failed"],
  ],
  [
    "An event that a search finds is held against its receipt",
    "server/ledger/evidence.ts",
    "return log ? confirmed(log, tells.is, chain, domain.address) : null;",
    "return log ? { transaction: log.transactionHash, block: Number(log.blockNumber), blockHash: log.blockHash } : null;",
    ["server/ledger/lies.test.ts", "-t", "nobody made"],
  ],
  [
    "Two nodes agree on what is final",
    "server/ledger/network.ts",
    "    if (!second) return said;\n    const other",
    "    if (said) return said;\n    const other",
    ["server/ledger/lies.test.ts", "-t", "last block is final"],
  ],
  [
    "A tip has a limit",
    "server/ledger/node.ts",
    "const tip = asked < HIGHEST_TIP ? asked : HIGHEST_TIP;",
    "const tip = asked;",
    ["server/ledger/lies.test.ts", "-t", "empty the purse"],
  ],
  [
    "What somebody else sent first is done",
    "server/ledger/settle.ts",
    'const place = reason === "Malformed" ? null : await findOnLedger(act, raw, options);',
    "const place = null;",
    ["server/ledger/bad-days.test.ts", "-t", "T-C4"],
  ],
  [
    "What the contract refuses is parked",
    "server/ledger/outbox.ts",
    "await mover.move(parked);",
    "",
    ["server/ledger/bad-days.test.ts", "-t", "T-C10"],
  ],
  [
    "What a batch skipped is tried by itself before it is parked",
    "server/ledger/settle.ts",
    "else if (failed.has(act.id)) {",
    "else if (receipt.succeeded || failed.has(act.id)) {",
    ["server/ledger/node-limits.test.ts", "-t", "lags a moment"],
  ],
  [
    "A better offer comes before a complaint",
    "server/ledger/nonces.ts",
    "if (error instanceof NotTaken) return error;",
    "",
    ["server/ledger/bad-days.test.ts", "-t", "twenty times"],
  ],
  [
    "A node that is away keeps nobody from signing",
    "server/ledger/ledger.ts",
    "if (!chain.local && isAway(outbox.trouble())) return null;",
    "if (!chain.local) return whatWouldItSay([kept], party);",
    ["server/faults.test.ts"],
  ],
  [
    "A signature is checked before anything is asked of the ledger",
    "server/records/keeping.ts",
    'if (!signedBy(signer, digestOf("Record", value, ledger.about), asked.signature))',
    "if (signer === value.consent)",
    ["server/junk.test.ts"],
  ],
  [
    "Who is not in a visit learns nothing of it",
    "server/call/signaling.ts",
    'if (!member) throw new Refusal("visit.not-found");',
    'if (!member) throw new Refusal("visit.over");',
    ["server/call/signaling.test.ts", "-t", "foreign, missing and ended"],
  ],
  [
    "A signal goes to the member it is for",
    "server/call/signaling.ts",
    "room.seats.get(to)?.socket.emit(",
    "for (const seat of room.seats.values()) seat.socket.emit(",
    ["server/call/mesh.test.ts", "-t", "says who spoke"],
  ],
  [
    "A guest who is taken out is out for everyone",
    "server/call/signaling.ts",
    "else tellOthers(room, visitId, guest, { present: false, left: true });",
    "",
    ["server/call/mesh.test.ts", "-t", "while their line is down"],
  ],
  [
    "A guest has no seat before the patient said yes",
    "server/call/signaling.ts",
    "if (!member.consentLive) {",
    'if (!member.consentLive && member.side !== "guest") {',
    ["server/call/mesh.test.ts", "-t", "not allowed"],
  ],
  [
    "Four sit in a call",
    "server/call/signaling.ts",
    'if (!hasSeatFor(room, me)) throw new Refusal("call.full");',
    "void hasSeatFor;",
    ["server/call/mesh.test.ts", "-t", "four sit"],
  ],
  [
    "A session that ends takes its sockets",
    "server/call/sessions.ts",
    "if (!live.has(socket.data.session as string)) socket.disconnect(true);",
    "void live;",
    ["server/call/door.test.ts", "-t", "a session that ends"],
  ],
  [
    "A flood ends the flooder",
    "server/call/door.ts",
    "if (socket.data.strikes >= 3) socket.disconnect(true);",
    "",
    ["server/call/door.test.ts", "-t", "T-S4 a flood"],
  ],
  [
    "A socket takes text only",
    "server/call/door.ts",
    'typeof data !== "string" || data.startsWith("5") || data.startsWith("6")',
    'data === "never"',
    ["server/call/door.test.ts", "-t", "T-S5 what is too large"],
  ],
  [
    "Only our own pages open a socket",
    "server/call/door.ts",
    "if (origin === undefined || !origins.has(origin)) return decide(null, false);",
    "void origin; void origins;",
    ["server/call/door.test.ts", "-t", "T-S6"],
  ],
  [
    "A peer is closed before the next is built",
    "lib/call/engine.ts",
    'return [shown, [...close, { do: "build", attempt }]];',
    'return [shown, [{ do: "build", attempt }, ...close]];',
    ["server/call/legs.test.ts"],
  ],
  [
    "Relay credentials are for who sits in the call",
    "server/call/signaling.ts",
    "await seated(socket, visitId);\n        return { iceServers",
    "return { iceServers",
    ["server/call/turn.test.ts", "-t", "nobody is given any|same person elsewhere"],
  ],
  [
    "Relay credentials end",
    "server/call/turn.ts",
    "+ RELAY_SECONDS}",
    "+ 10 * RELAY_SECONDS}",
    ["server/call/turn.test.ts", "-t", "end within the hour|expired"],
  ],
  [
    "A member's relay credentials are their own",
    "server/call/turn.ts",
    '["relay", visitId, member]',
    '["relay"]',
    ["server/call/turn.test.ts", "-t", "a name of their own|so many allocations"],
  ],
  [
    "A description of a call is signed by whom the permission names",
    "lib/call/verified.ts",
    'if (!signedBy(them.signer, this.#digest(them, me, claim), signature)) throw new NotPrivate("not-theirs");',
    "void signedBy;",
    ["lib/call/verified.test.ts", "-t", "T-SIG1"],
  ],
  [
    "Who is the doctor is what the patient signed, not what the server says",
    "lib/call/signers.ts",
    "&& (await isOf(one, about.terms))",
    "&& isOf",
    ["lib/call/signers.test.ts", "-t", "makes nobody the doctor"],
  ],
  [
    "A permission that was taken back lets nobody in at the page",
    "lib/call/signers.ts",
    'consent?.state === "live" ?',
    "consent ?",
    ["lib/call/signers.test.ts", "-t", "taken back"],
  ],
  [
    "A permission that ran out names nobody",
    "lib/call/signers.ts",
    "at <= one.consent.validUntil && ",
    "",
    ["lib/call/signers.test.ts", "-t", "ran out"],
  ],
  [
    "What a page took back counts no more for it",
    "lib/call/standing.ts",
    "if (refused.has(id)) return false;",
    "",
    ["lib/call/standing.test.ts", "-t", "taken back here"],
  ],
  [
    "A call ends at its page with the permission",
    "lib/call/standing.ts",
    "time(id, permission);",
    "void time;",
    ["lib/call/standing.test.ts", "-t", "last second"],
  ],
  [
    "A guest's bad word ends what is between the two and nothing else",
    "lib/call/call.browser.ts",
    'if (sideOf(them) !== "guest") return notPrivate(found);',
    "if (them) return notPrivate(found);",
    ["lib/call/call.browser.test.ts", "-t", "what is wrong with a guest"],
  ],
  [
    "A description of a call that nobody signed is not used",
    "lib/call/verified.ts",
    'if (!said) throw new NotPrivate("unsigned");',
    "if (!said) return;",
    ["lib/call/verified.test.ts", "-t", "unreadable proofs"],
  ],
  [
    "A signature of a call covers all of the description",
    "lib/call/verified.ts",
    'if (hashOf(description) !== claim.description) throw new NotPrivate("changed");',
    "",
    ["lib/call/verified.test.ts", "-t", "T-SIG1"],
  ],
  [
    "A signature of a call is for one attempt",
    "lib/call/verified.ts",
    "epoch: attempt,",
    "epoch: 0,",
    ["lib/call/verified.test.ts", "-t", "T-SIG1"],
  ],
  [
    "A signature of a call is for one person",
    "lib/call/verified.ts",
    "to: to.signer,",
    "to: from.signer,",
    ["lib/call/verified.test.ts", "-t", "T-SIG1"],
  ],
  [
    "A description of a call counts once, and answers what was offered",
    "lib/call/verified.ts",
    "if (claim.number <= this.#heard || (!isOffer && !this.#offers.has(claim.answers)))",
    "if (claim.number < 0)",
    ["lib/call/verified.test.ts", "-t", "counts once"],
  ],
  [
    "The certificate in use is the signed one",
    "lib/call/verified.browser.ts",
    "for (const used of await certificatesOf(connection)) leg.confirm(used);",
    "await certificatesOf(connection);",
    ["lib/call/verified.browser.test.ts"],
  ],
  [
    "Only the patient's signature names who is in a call",
    "lib/call/signers.ts",
    'if (!signed(patient, digestOf("Consent", consent, ledger), signature)) continue;',
    "void [ledger, signature, digestOf, signed];",
    ["lib/call/signers.test.ts"],
  ],
  [
    "The safety words are committed to before the other's part is known",
    "lib/call/safety.ts",
    'linesDigest("assent/1/safety/commitment", nonce)',
    "nonce",
    ["lib/call/safety.test.ts", "-t", "T-K4"],
  ],
  [
    "A nonce of the safety words is the committed one",
    "lib/call/safety.ts",
    "if (commitmentTo(message.nonce) === this.#commitment)",
    "if (message.nonce)",
    ["lib/call/safety.test.ts", "-t", "T-K4"],
  ],
  [
    "Guesses at the safety words are few",
    "lib/call/safety.ts",
    "return this.#rounds <= MOST_ROUNDS;",
    "return true;",
    ["lib/call/safety.test.ts", "-t", "T-K4"],
  ],
  [
    "A call that is not private is over",
    "server/visits/visits.ts",
    'await closeVisit(tx, visitId, "not-private", now());',
    "",
    ["server/app.test.ts", "-t", "not private"],
    "A waiting patient's address is gone once they are in the call",
    "server/visits/visits.ts",
    'if (person.is === "patient") await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));',
    "",
    ["server/visits/notices.test.ts", "-t", "who is in the call"],
  ],
  [
    "A declined visit forgets whom to write to",
    "server/visits/visits.ts",
    "if (!yes) await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));",
    "",
    ["server/visits/notices.test.ts", "-t", "an address can be taken back"],
  ],
  [
    "A call sends no mail to an address given during it",
    "server/visits/notices.ts",
    'if (email !== null && w.visit.state === "in-call") throw new Refusal("visit.wrong-state");',
    "",
    ["server/visits/notices.test.ts", "-t", "nobody in a call"],
  ],
  [
    "A mail server gets a password only over an encrypted line",
    "server/mail/mail.ts",
    'requireTLS: url.password !== "",',
    "",
    ["server/mail/mail.test.ts", "-t", "a password never"],
  ],
  [
    "One address moves only so many test bytes a minute",
    "server/call/line-test.ts",
    'await moved.consume(http.req.header("x-real-ip") ?? "", Math.ceil(bytes / 1024)).catch(() => {',
    "await Promise.resolve(bytes || moved).catch(() => {",
    ["server/call/line-test.test.ts", "-t", "one address"],
  ],
  [
    "Notes are signed by their doctor, for their visit and number",
    "server/records/notes.ts",
    "if (!(await notesHold(visitId, { sealed, seal, version }, signer)))",
    "if (false)",
    ["server/records/notes.test.ts"],
  ],
  [
    "Of two pages' notes the slower is refused",
    "server/records/notes.ts",
    "if (version !== (before?.version ?? 0) + 1)",
    "if (false)",
    ["server/records/notes.test.ts"],
  ],
  [
    "A text that was not saved is not thrown away for another page's",
    "components/records/note-book.ts",
    'return this.#show({ state: "elsewhere", fault });',
    'return this.#show({ state: "saved", text: kept.text, fault });',
    ["components/records/note-book.test.ts"],
  ],
  [
    "How a call was is told once",
    "server/visits/rating.ts",
    "if ((await tx.$count(entry, before)) > 0)",
    "if (false)",
    ["server/visits/rating.test.ts"],
  ],
  [
    "While a wished blur is not there, nothing is shown",
    "lib/call/lens.browser.ts",
    'return blur === "off" ? camera : blurred;',
    "return blurred ?? camera;",
    ["lib/call/lens.browser.test.ts"],
  ],
  [
    "The blur's worker reaches its own files only",
    "server/effects.ts",
    "origins.map((origin) => origin + PLACE)",
    "origins",
    ["server/effects.test.ts", "-t", "nothing else of ours"],
  ],
  [
    "Of the blur's package only named files are served",
    "server/effects.ts",
    "if (!Object.hasOwn(types, name)) return false;",
    "if (!name) return false;",
    ["server/effects.test.ts"],
  ],
  [
    "A guest without the patient's signature is not in the call",
    "server/visits/guests.ts",
    "consentLive: isGuestLive(w, g, now()),",
    "consentLive: isLive(w, now()),",
    ["server/guest-call.test.ts", "-t", "not a moment before"],
  ],
  [
    "A guest who is revoked or gone is out of the call at once",
    "server/app.ts",
    "call?.removeGuest(visitId, guestId);",
    "",
    ["server/guest-call.test.ts", "-t", "within two seconds"],
  ],
  [
    "Whose permission ran out does not go on sitting in a call",
    "server/call/signaling.ts",
    "if (until > Date.now()) continue;",
    "if (until > 0) continue;",
    ["server/call/mesh.test.ts", "-t", "nobody says a word"],
  ],
  [
    "A guest who is taken out hears no more of the visit",
    "server/call/signaling.ts",
    ".socketsLeave(`guests ",
    ".socketsLeave(`nobody ",
    ["server/guest-call.test.ts", "-t", "hears no more"],
  ],
  [
    "Who only asks makes nobody else's answers be read anew",
    "server/call/signaling.ts",
    'if (member.side === "guest") expel(visitId, member.member);',
    'if (member.side === "guest") removeGuest(visitId, member.member);',
    ["server/call/mesh.test.ts", "-t", "again and again"],
  ],
  [
    "Nobody makes another's page build anew without end",
    "server/call/signaling.ts",
    "await wait(restOf(before.room, before.me, them), undefined, { ref: false });",
    "await undefined;",
    ["server/call/mesh.test.ts", "-t", "once a second"],
  ],
  [
    "A guest is agreed to by the doctor before the patient signs",
    "server/consent/guest-consents.ts",
    'g.guest.state !== "asking" || !g.guest.acceptedAt',
    'g.guest.state !== "asking"',
    ["server/visits/guests.test.ts", "-t", "needs the doctor"],
  ],
  [
    "A guest's permission is what the card showed, and no more than a guest may",
    "server/consent/guest-consents.ts",
    'if (!asShown) throw new Refusal("consent.mismatch");',
    "void asShown;",
    ["server/visits/guests.test.ts", "-t", "nothing but exactly what the card"],
  ],
  [
    "A guest's link is one key's",
    "server/visits/guests.ts",
    'if (g.guest.signer && g.guest.signer !== signer) throw new Refusal("visit.claimed");',
    "",
    ["server/visits/guests.test.ts", "-t", "a link is one browser"],
  ],
  [
    "A guest's name is the one that the guest's key signed",
    "lib/visits/guest-name.ts",
    'throw new Error("this name is not signed by the guest’s key");',
    "return name;",
    ["server/visits/guests.test.ts", "-t", "a name that the guest"],
  ],
  [
    "Somebody who was not let in leaves no name behind",
    "server/visits/guests.ts",
    ".set({ details: null })",
    '.set({ state: "asking" })',
    ["server/visits/guests.test.ts", "-t", "a refused guest"],
  ],
  [
    "Two guests are the most",
    "server/visits/guests.ts",
    ">= MOST_GUESTS)",
    ">= 99)",
    ["server/visits/guests.test.ts", "-t", "two guests at most"],
  ],
  [
    "A visit's links for guests have an end",
    "server/visits/guests.ts",
    "if (before.guests.length >= MOST_LINKS)",
    "if (before.guests.length > 1_000 * MOST_LINKS)",
    ["server/visits/guests.test.ts", "-t", "never one more"],
  ],
  [
    "A guest's link has no visit's id",
    "server/visits/guests.ts",
    'if (await tx.$count(tables.visit, eq(tables.visit.id, id))) throw new Refusal("visit.wrong-state");',
    "",
    ["server/visits/guests.test.ts", "-t", "at once"],
  ],
  [
    "The doctor's yes is to the role in which a guest asks",
    "server/visits/guests.ts",
    "const acceptedAt = role === g.guest.role ? g.guest.acceptedAt : null;",
    "const acceptedAt = g.guest.acceptedAt;",
    ["server/visits/guests.test.ts", "-t", "not before"],
  ],
  [
    "Nothing is hidden in a guest's name",
    "lib/visits/guest-name.ts",
    '.replace(hidden, "")',
    "",
    ["lib/visits/guest-name.test.ts", "-t", "shows what it is"],
  ],
  [
    "A guest's permission is told as one",
    "lib/audit/verify-consent.ts",
    "differs.push(...choicesDiffer(entry, consent.scopes), ...guestDiffers(entry, row, consent));",
    "differs.push(...choicesDiffer(entry, consent.scopes));",
    ["lib/audit/walk.test.ts", "-t", "line of another guest"],
  ],
  [
    "A description waits for its check before the connection has it",
    "lib/call/leg.browser.ts",
    "if (isDescription(data)) await vouching.check(data, proof, of);",
    "",
    ["lib/call/leg.browser.test.ts"],
  ],
  [
    "Nothing is told of the other side before its certificate is confirmed",
    "lib/call/peer.browser.ts",
    "asked.then(mute(then), notConfirmed);",
    "then();",
    ["lib/call/peer.browser.test.ts"],
  ],
];

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const isMeant = (name) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word));
const chosen = controls.filter(([what, file]) => isMeant(`${what} ${file}`));
if (chosen.length === 0) stop(`No protection is called anything like "${words.join(", ")}".`);

const copy = mkdtempSync(join(tmpdir(), "assent-controls-"));
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
const left = new Set(["node_modules", ".git", ".next", "dist", "data", ".forge", "test-results", "playwright-report"]);
cpSync(root, copy, { recursive: true, filter: (from) => from === root || !left.has(basename(from)) });
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

/**
 * Seconds it took, and whether every test that ran passed. A suite that could not begin, as happens on a busy machine, is
 * tried once more; one that cannot run at all stops everything.
 */
async function tried(suite, last = false) {
  const began = performance.now();
  const answers = join(copy, "answers.json");
  rmSync(answers, { force: true });
  const reporter = ["--reporter=json", `--outputFile=${answers}`];
  const options = { cwd: copy, env: pinned(), stdio: "ignore" };
  await run("vitest", ["run", ...suite, ...reporter], options);
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(answers, "utf8"));
  if (passed + failed === 0) return last ? stop(`${suite.join(" ")} ran no test.`) : tried(suite, true);
  return { green: failed === 0, seconds: Math.round((performance.now() - began) / 1_000) };
}

const table = [];
const whole = new Map();
for (const [protection, file, text, instead, suite] of chosen) {
  const name = suite.join(" ");
  say(`· ${protection}`);
  if (!whole.has(name)) whole.set(name, await tried(suite));
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(text).length !== 2) stop(`${file} has not exactly one "${text}": this control needs a look.`);
  writeFileSync(
    path,
    source.replace(text, () => instead),
  );
  const without = await tried(suite);
  writeFileSync(path, source);
  const holds = whole.get(name).green && !without.green;
  table.push({
    protection,
    suite: name,
    with: whole.get(name).green ? "green" : "RED",
    without: without.green ? "GREEN" : `red in ${without.seconds} s`,
    holds,
  });
}
console.table(table);
if (table.some(({ holds }) => !holds)) stop("A suite is red with its protection, or green without it.");
