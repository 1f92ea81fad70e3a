// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The consent ledger
/// @notice The smallest thing that can say no. It keeps who may do what under whose authorization, refuses everything
/// else, and leaves a trail that a stranger can replay. It holds no personal data and no money, it cannot be upgraded,
/// and a new version is a new contract at a new address, where no old signature means anything.
///
/// Every act counts by who signed it (EIP-712, the domain of this contract on this chain), never by who sent it, so
/// anyone may send what someone signed. A signer is written as in ERC-7913: twenty bytes are an address, a key's or an
/// ERC-1271 wallet's; more bytes are the address of a verifier followed by the key it knows. A signer's contract may
/// spend `SIGNATURE_GAS` on one answer. A passkey needs two thirds of it where the chain has the P-256 precompile
/// (EIP-7951, since Osaka); where it has not, a passkey costs four times as much as that and is refused.
///
/// What always holds:
///
/// 1. Behind every record stands a consent that the patient signed, that was live at `signedAt`, and that covers its
///    kind; or, where it says "ask me each time", the patient's approval of exactly that record. A grantee starts a
///    session or prescribes only while enrolled.
/// 2. Once a revocation is here, nothing more is recorded under that consent, in whatever order things arrive.
/// 3. Each signed act takes effect at most once, on one chain, in one contract. An act is its struct hash, never the
///    bytes of a signature.
/// 4. Under a consent each author's records are numbered 1, 2, 3 and so on without a gap. None can be dropped,
///    repeated or reordered without everyone seeing it.
/// 5. Under a consent `head` is `keccak256(head, record)` folded over its records, so whoever has the records can
///    prove that there are no others.
/// 6. The anchored audit log only grows, and its old roots are those of its beginnings.
/// 7. Nobody, the owner included, can change or delete what is recorded: a removed clinician's records stand. Nobody's
///    calls use up what is another's, nor stop it.
/// 8. In a batch a bad entry never blocks a good one. It is skipped, its reason is told in an event, and what its
///    signers' contracts may spend is bounded. (What its author numbered after it, under the same consent, waits.)
interface IConsentLedger {
    /// @notice What a patient signs to let one grantee do some kinds of things for a while.
    /// @param patient Who grants (ERC-7913).
    /// @param grantee Who may act (ERC-7913), never the patient.
    /// @param visit A pseudonym of the visit this is for.
    /// @param scopes Bit k allows kind k; bit 16 + k lets the patient approve records of kind k one by one.
    /// @param validFrom First second, Unix time, at which it is live.
    /// @param validUntil Last second at which it is live, at most 400 days after the first.
    /// @param terms Hash of the exact text that was shown.
    /// @param salt Makes two otherwise equal consents different.
    struct Consent {
        bytes patient;
        bytes grantee;
        bytes32 visit;
        uint32 scopes;
        uint64 validFrom;
        uint64 validUntil;
        bytes32 terms;
        bytes32 salt;
    }

    /// @notice One record to be made under a consent, with the signatures that authorize it.
    /// @param kind 1 session start, 2 session end, 3 prescription, 4 prescription cancelled, 5 file share,
    /// 6 access granted.
    /// @param commitment Salted hash of the content, which stays off the chain.
    /// @param number This author's next number under this consent, from 1.
    /// @param signedAt When the author signed, Unix time.
    /// @param byPatient Whether the author is the patient rather than the grantee.
    /// @param signature The author's, over `Record`.
    /// @param approval The patient's, over `Approval`; empty unless the kind is to be approved one by one.
    struct Entry {
        uint8 kind;
        bytes32 commitment;
        uint32 number;
        uint64 signedAt;
        bool byPatient;
        bytes signature;
        bytes approval;
    }

    /// @notice Where a consent stands.
    enum Status {
        Unknown,
        Granted,
        Revoked
    }

    /// @notice All that is stored of a consent: one word, at `keccak256(abi.encode(id, 4))`, with these four from its
    /// first byte to its last.
    /// @param head First the consent's id, then with each record `keccak256(abi.encodePacked(head, record))`; of each
    /// the first 25 bytes.
    /// @param granteeCount How many records the grantee has made.
    /// @param patientCount How many records the patient has made.
    struct ConsentState {
        bytes25 head;
        uint24 granteeCount;
        uint24 patientCount;
        Status status;
    }

    /// @notice All that is stored of a clinician.
    /// @param epoch How often the owner has enrolled or removed this clinician: the epoch the next act must name.
    /// @param activeFrom From when the enrollment counts; zero while not enrolled.
    struct Clinician {
        uint32 epoch;
        uint64 activeFrom;
    }

    /// @notice What the audit log was at one size: the root of its Merkle tree as in RFC 9162, over SHA-256.
    struct Checkpoint {
        uint64 size;
        bytes32 root;
    }

    /// @notice The owner enrolled a clinician, whose credential was checked and is committed to.
    event Enrolled(
        bytes32 indexed clinicianHash, bytes clinician, bytes32 credential, uint32 epoch, uint64 activeFrom
    );
    /// @notice The owner removed a clinician.
    event Removed(bytes32 indexed clinicianHash, bytes clinician, uint32 epoch);
    /// @notice A patient granted a consent.
    event Granted(bytes32 indexed consent);
    /// @notice A patient revoked a consent.
    event Revoked(bytes32 indexed consent);
    /// @notice The grantee made a record. Its id binds the consent and every field that is signed, so whoever holds the
    /// record can find it here, and whoever does not learns nothing of it from the log.
    event RecordedByGrantee(bytes32 indexed consent, bytes32 indexed record);
    /// @notice The patient made a record, which is told in the same way.
    event RecordedByPatient(bytes32 indexed consent, bytes32 indexed record);
    /// @notice An entry of a batch was refused; `reason` is the selector of the error that `record` gives for it.
    event Skipped(bytes32 indexed record, bytes4 reason);
    /// @notice The audit log has grown to this, and begins with every log that was anchored before.
    event Anchored(uint64 size, bytes32 root);

    /// @notice The owner did not sign this.
    error NotSignedByOwner(address owner, bytes32 digest);
    /// @notice The act names an epoch that is not the clinician's current one.
    error EpochIsNotCurrent(uint32 epoch, uint32 current);
    /// @notice The clinician is not enrolled now, or the enrollment is not active yet.
    error ClinicianIsNotEnrolled(bytes clinician, uint64 activeFrom);
    /// @notice Without an owner nobody could remove a clinician.
    error RegistryNeedsAnOwner();

    /// @notice The patient did not sign this.
    error NotSignedByPatient(bytes patient, bytes32 digest);
    /// @notice A patient does not grant to themselves.
    error GranteeIsPatient(bytes signer);
    /// @notice A signer has at least 20 and at most `MAX_SIGNER_LENGTH` bytes.
    error SignerLengthIsWrong(uint256 length);
    /// @notice The consent ends before it begins.
    error WindowIsEmpty(uint64 validFrom, uint64 validUntil);
    /// @notice The consent lasts longer than `MAX_WINDOW`.
    error WindowIsTooLong(uint64 validFrom, uint64 validUntil);
    /// @notice The consent is already over.
    error WindowIsOver(uint64 validUntil, uint256 timestamp);
    /// @notice The consent was granted before.
    error ConsentIsAlreadyGranted(bytes32 consent);
    /// @notice The consent was revoked, be it before it was granted.
    error ConsentIsRevoked(bytes32 consent);

    /// @notice The consent was never granted here.
    error ConsentIsNotGranted(bytes32 consent);
    /// @notice There is no such kind of record.
    error KindIsUnknown(uint8 kind);
    /// @notice The consent neither allows this kind nor lets the patient approve it.
    error KindIsNotAllowed(uint8 kind, uint32 scopes);
    /// @notice Only a grantee prescribes and cancels a prescription.
    error KindIsNotForPatients(uint8 kind);
    /// @notice The author signed outside the consent's window.
    error SignedOutsideWindow(uint64 signedAt, uint64 validFrom, uint64 validUntil);
    /// @notice The author signed longer than `MAX_AGE` before this block.
    error SignedTooLongAgo(uint64 signedAt, uint256 timestamp);
    /// @notice The author signed later than `MAX_LEAD` after this block.
    error SignedInTheFuture(uint64 signedAt, uint256 timestamp);
    /// @notice The author has already used this number; `next` is the next.
    error NumberIsUsed(uint32 number, uint32 next);
    /// @notice The author has not used an earlier number; `next` is the next.
    error NumberLeavesGap(uint32 number, uint32 next);
    /// @notice The author has as many records under this consent as can be counted.
    error ConsentIsFull(bytes32 consent);
    /// @notice The author did not sign this.
    error NotSignedByAuthor(bytes author, bytes32 digest);
    /// @notice The patient did not approve exactly this record.
    error NotApprovedByPatient(bytes patient, bytes32 digest);
    /// @notice A batch has at most `MAX_ENTRIES` entries.
    error TooManyEntries(uint256 entries);
    /// @notice A batch ends before its last entry does, by so many bytes.
    error BatchIsCutOff(uint256 missing);
    /// @notice What is left of the gas would not let a signer's contract answer.
    error GasIsTooLow(uint256 left);

    /// @notice Another checkpoint was the last; `anchored` is its hash.
    error CheckpointIsNotTheLast(Checkpoint given, bytes32 anchored);
    /// @notice The next checkpoint is not larger than the last.
    error LogDoesNotGrow(uint64 last, uint64 next);
    /// @notice The log's key did not sign this.
    error NotSignedByLog(address logKey, bytes32 digest);
    /// @notice The proof does not show that the next log begins with the last.
    error LogIsNotConsistent(Checkpoint last, Checkpoint next);

    /// @notice Enrolls a clinician, or replaces the credential of an enrolled one, as the owner signed; a new
    /// enrollment counts after `enrollmentDelay`.
    function enroll(bytes calldata clinician, bytes32 credential, uint32 epoch, bytes calldata signature) external;

    /// @notice Removes a clinician at once, as the owner signed; it also voids an enrollment signed for this epoch.
    function remove(bytes calldata clinician, uint32 epoch, bytes calldata signature) external;

    /// @notice Grants a consent, as the patient signed.
    function grant(Consent calldata consent, bytes calldata signature) external returns (bytes32 id);

    /// @notice Revokes a consent for ever, granted or not, as the patient signed, or without a signature if the
    /// patient sends this.
    function revoke(Consent calldata consent, bytes calldata signature) external returns (bytes32 id);

    /// @notice Makes one record, or says with evidence why not.
    function record(Consent calldata consent, Entry calldata entry) external returns (bytes32 id);

    /// @notice Makes every record that can be made and skips the others; a reason of zero means recorded.
    /// @param batch One or more groups without anything between them, numbers big-endian. A group is a consent, then
    /// its entries in the order in which they are to be recorded.
    /// Consent: visit (32 bytes), terms (32), salt (32), scopes (4), validFrom (8), validUntil (8), length of the
    /// patient (2), length of the grantee (2), number of entries (1), patient, grantee. A grantee of no length is the
    /// one of the group before.
    /// Entry: commitment (32), number (4), signedAt (8), kind (1), byPatient (1: zero for the grantee), length of the
    /// signature (2), length of the approval (2), signature, approval.
    function recordBatch(bytes calldata batch) external returns (bytes4[] memory reasons);

    /// @notice Anchors a larger audit log, as its key signed, after proof (RFC 9162, 2.1.4) that it begins with the last.
    /// @param from The last checkpoint.
    /// @param to The next checkpoint.
    function anchor(
        Checkpoint calldata from,
        Checkpoint calldata to,
        bytes32[] calldata proof,
        bytes calldata signature
    ) external;

    /// @notice Where a consent stands and what was recorded under it.
    function consentState(bytes32 id) external view returns (ConsentState memory);

    /// @notice Whether the consent is granted, not revoked, and within its window in this block.
    function isLive(Consent calldata consent) external view returns (bool);

    /// @notice What is stored of a clinician.
    function clinicianState(bytes calldata clinician) external view returns (Clinician memory);

    /// @notice Whether the clinician's enrollment counts in this block.
    function isEnrolled(bytes calldata clinician) external view returns (bool);

    /// @notice Whether the signer signed the digest, with as much gas as this call is given.
    function isSignedBy(bytes calldata signer, bytes32 digest, bytes calldata signature) external view returns (bool);

    /// @notice The id of a consent: its EIP-712 struct hash.
    function consentId(Consent calldata consent) external pure returns (bytes32);

    /// @notice The id of a record: the EIP-712 struct hash of `Record`.
    function recordId(bytes32 consent, Entry calldata entry) external pure returns (bytes32);

    /// @notice The hash of the last checkpoint, `keccak256(abi.encode(size, root))`. The first is made with the contract:
    /// size 1, its leaf "Assent audit log\n" followed by the chain's id (32 bytes) and this address (20 bytes).
    function anchored() external view returns (bytes32);

    /// @notice Who signs checkpoints: a key's or an ERC-1271 wallet's address.
    function logKey() external view returns (address);

    /// @notice How long after an enrollment it begins to count, in seconds.
    function enrollmentDelay() external view returns (uint64);
}
